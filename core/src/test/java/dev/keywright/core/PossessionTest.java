package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.outcome;
import static dev.keywright.core.LeasedStore.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;

import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Secret;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocation by possession: the texts that are found, the rows that are revoked, and the information that the caller gets. */
class PossessionTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration BARRIER = LEASE.plus(LEASE.dividedBy(4));
    private static final String HEX = "0123456789abcdef";
    private static final String LEGACY = "legacy_00112233445566778899aabbccddeeff";

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final ManualTime time = new ManualTime();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(LeasedStore.on(memory)));
    private final ApiKeys keys = fixture.builder(store).monotonicTime(time).build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued = north.issue(REQUEST);
    private final String text = issued.secret().reveal();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KEY",
                " KEY\n",
                "\u00A0KEY\u00A0",
                "\u200BKEY\u200B",
                "\uFEFFKEY",
                "\"KEY\"",
                "'KEY'",
                "`KEY`",
                "“KEY”",
                "Bearer KEY",
                "Authorization: Bearer KEY",
                "API_KEY=KEY",
                "export API_KEY='KEY';",
                "https://example.org/?key=KEY&x=1",
                "%22KEY%22",
                "\\nKEY\\n",
                "KEY.",
                "KEY\r\n",
                "KEY, please revoke it",
                "abcKEY",
                "ck_KEY",
                "ck_abcKEY",
                "KEYabcde",
                "KEY_old",
                "\uD800KEY\uDC00"
            })
    void keyIsFoundInSurroundingText(String sent) {
        assertThat(revoke(sent.replace("KEY", text))).isTrue();

        assertThat(outcome(keys.verify(text))).isEqualTo("REVOKED");
    }

    @Test
    void everyKeyInTheTextIsRevokedAfterOneWait() {
        String other = north.issue(REQUEST).secret().reveal();
        IssuedKey third = north.issue(REQUEST);

        assertThat(revoke("A=" + text + "\nB=" + unknown() + "\nC=" + other)).isTrue();

        assertThat(outcome(keys.verify(text))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(other))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(third.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(time.elapsed()).isEqualTo(BARRIER);
    }

    @Test
    void adjoiningKeysAreBothRevoked() {
        String other = north.issue(REQUEST).secret().reveal();

        revoke(text + other);

        assertThat(outcome(keys.verify(text))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(other))).isEqualTo("REVOKED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ck_",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4hy8",
                "CK_A1B2C3D4E5F6G7H8I9J0K1L2M3N4HY8X"
            })
    void textWithoutKeyIsRefused(String sent) {
        assertThatThrownBy(() -> revoke(sent))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("key must contain the full text of an API key, from its prefix to its last character");
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void moreThanAHundredTextsAreRefused() {
        String hundred = IntStream.range(0, 100)
                .mapToObj(i -> "ck_" + String.valueOf((char) ('a' + i % 26)).repeat(31) + (char) ('a' + i / 26))
                .collect(Collectors.joining(" "));

        assertThat(revoke(hundred)).isFalse();
        assertThatThrownBy(() -> revoke(hundred + " " + text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("key must contain at most 100 API keys; report the others separately");
    }

    @Test
    void importedKeyIsFoundInsideATextToo() {
        ApiKeys accepting = accepting(PEPPER);
        importText(accepting, LEGACY, "legacy_");

        assertThat(accepting.revokeByPossession(Secret.of("token: \"" + LEGACY + "\""), ""))
                .isTrue();

        assertThat(outcome(accepting.verify(LEGACY))).isEqualTo("REVOKED");
    }

    @Test
    void importedTextIsRevokedUnderEveryPepper() {
        ApiKeys older = accepting(PEPPER);
        ApiKeys newer = accepting(OTHER_PEPPER);
        importText(older, LEGACY, "legacy_");
        importText(newer, LEGACY, "legacy_");

        assertThat(accepting(OTHER_PEPPER, PEPPER).revokeByPossession(Secret.of(LEGACY), ""))
                .isTrue();

        assertThat(outcome(older.verify(LEGACY))).isEqualTo("REVOKED");
        assertThat(outcome(newer.verify(LEGACY))).isEqualTo("REVOKED");
    }

    @Test
    void textIssuedHereAndImportedIsRevokedUnderBothRows() {
        ApiKeys both =
                fixture.builder(memory).uncheckedImports(ImportDigest.sha256()).build();
        ApiKeys importedOnly = fixture.builder(memory, OTHER_PEPPER)
                .retiredPepper(PEPPER.keys().id())
                .uncheckedImports(ImportDigest.sha256())
                .build();
        importText(importedOnly, text, "ck_");
        importText(both, text, "ck_");

        assertThat(fixture.builder(memory, PEPPER, OTHER_PEPPER)
                        .uncheckedImports(ImportDigest.sha256())
                        .build()
                        .revokeByPossession(issued.secret(), ""))
                .isTrue();

        assertThat(outcome(keys.verify(text))).isEqualTo("REVOKED");
        assertThat(outcome(importedOnly.verify(text))).isEqualTo("REVOKED");
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void storeCallsAndWaitDoNotDependOnTheKey() {
        String forged = text.substring(0, 34) + (text.endsWith("0") ? "1" : "0");
        Trace first = trace(text);

        for (String other : List.of(text, unknown(), forged)) {
            assertThat(trace(other)).isEqualTo(first);
        }
        assertThat(first.waited()).isEqualTo(BARRIER);
    }

    /** Effects that a caller could measure: the calls of the store in their order, and the wait. */
    private record Trace(List<String> calls, Duration waited) {}

    private Trace trace(String sent) {
        clearInvocations(store);
        Duration before = time.elapsed();
        revoke(sent);
        List<String> calls = mockingDetails(store).getInvocations().stream()
                .map(call -> call.getMethod().getName())
                .toList();
        return new Trace(calls, time.elapsed().minus(before));
    }

    @Test
    void readOnlyStoreFailsForAnUnknownKeyToo() {
        KeyStore readOnly = mock(KeyStore.class, delegatesTo(memory));
        doThrow(new StoreUnavailableException("the store is read-only", null))
                .when(readOnly)
                .revoke(any(), any(), any());
        ApiKeys failing = fixture.keysIn(readOnly);

        for (String sent : List.of(text, unknown())) {
            assertThatThrownBy(() -> failing.revokeByPossession(Secret.of(sent), ""))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void unknownOutcomeNamesNoKey() {
        KeyStore failingStore = mock(KeyStore.class, delegatesTo(memory));
        doAnswer(call -> {
                    throw new OutcomeUnknownException(call.<KeyId>getArgument(1), null);
                })
                .when(failingStore)
                .revoke(any(), any(), any());
        ApiKeys failing = fixture.keysIn(failingStore);

        for (String sent : List.of(text, unknown())) {
            assertThatThrownBy(() -> failing.revokeByPossession(Secret.of(sent), ""))
                    .isInstanceOfSatisfying(
                            OutcomeUnknownException.class,
                            e -> assertThat(e.id()).isEmpty());
        }
    }

    private boolean revoke(String sent) {
        return keys.revokeByPossession(Secret.of(sent), "found");
    }

    private String unknown() {
        return fixture.keysIn(new InMemoryKeyStore())
                .managedBy(ADMIN)
                .issue(REQUEST)
                .secret()
                .reveal();
    }

    private ApiKeys accepting(Pepper issuing, Pepper... accepted) {
        return fixture.builder(memory, issuing, accepted)
                .retiredPepper(PEPPER.keys().id())
                .retiredPepper(OTHER_PEPPER.keys().id())
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .build();
    }

    private static void importText(ApiKeys into, String text, String prefix) {
        String digest =
                HexFormat.of().formatHex(ImportDigest.sha256().algorithm().digest(text));
        var report = into.operatedBy(new Job("import"))
                .importKeys(
                        List.of(ImportedKey.digested(digest)
                                .prefixed(prefix)
                                .of("north")
                                .named("Payroll")
                                .allowing("read:people")
                                .hint("00")),
                        progress -> {});
        assertThat(report.imported()).isEqualTo(1);
    }
}
