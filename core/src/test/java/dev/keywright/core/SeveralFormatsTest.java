package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyId;
import dev.keywright.Secret;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.core.format.CheckCharacters;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of several formats side by side: the present one of each environment, and an older one. */
class SeveralFormatsTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);
    private static final KeyFormat LIVE = KeyFormat.prefix("acme_live_").environment("live");
    private static final KeyFormat TEST = KeyFormat.prefix("acme_test_").environment("test");
    private static final KeyFormat OLD_LIVE = KeyFormat.prefix("live_").environment("live");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = keys(LIVE, TEST, OLD_LIVE, KeyFormat.DEFAULT);
    private final TenantKeys north = keys.managedBy(ADMIN);

    private ApiKeys keys(KeyFormat first, KeyFormat... others) {
        return fixture.builder(store).formats(first, others).build();
    }

    private IssuedKey issued(KeyFormat first, KeyFormat... others) {
        return keys(first, others).managedBy(ADMIN).issue(REQUEST);
    }

    private static String text(IssuedKey key) {
        return key.secret().reveal();
    }

    @Test
    void firstFormatIssuesByDefault() {
        IssuedKey issued = north.issue(REQUEST);

        assertThat(text(issued))
                .matches("acme_live_[0-9a-z]{32}")
                .endsWith(issued.key().hint());
        assertThat(issued.key().environment()).contains("live");
        Verified verified = keys.verify(text(issued)).orElseThrow(AssertionError::new);
        assertThat(verified.environment()).contains("live");
        assertThat(verified.key()).isEqualTo(issued.key());
        assertThat(north.get(issued.key().id()).environment()).contains("live");
        assertThat(row(issued.key()).prefix()).isEqualTo("acme_live_");
    }

    private StoredKey row(ApiKey key) {
        return memory.find(key.tenant(), key.id()).key().orElseThrow();
    }

    @Test
    void environmentSelectsTheFirstFormatThatHasIt() {
        assertThat(text(north.issue(REQUEST.environment("test")))).startsWith("acme_test_");
        assertThat(text(north.issue(REQUEST.environment("live")))).startsWith("acme_live_");
        ApiKeys other = keys(KeyFormat.DEFAULT, OLD_LIVE, LIVE);
        assertThat(text(other.managedBy(ADMIN).issue(REQUEST.environment("live"))))
                .startsWith("live_");
        assertThat(text(other.managedBy(ADMIN).issue(REQUEST))).startsWith("ck_");
    }

    @Test
    void unknownEnvironmentIsRefused() {
        assertInvalid(
                Field.ENVIRONMENT,
                "environment must be one of: live, test",
                () -> north.issue(REQUEST.environment("staging")));
        assertInvalid(
                Field.ENVIRONMENT,
                "environment must not be set: no key format has one",
                () -> fixture.keysIn(store).managedBy(ADMIN).issue(REQUEST.environment("live")));
        assertThat(north.list(KeyQuery.all()).items()).isEmpty();
    }

    @Test
    void keysOfEveryFormatVerifyWithOneLookup() {
        for (KeyFormat format : List.of(LIVE, TEST, OLD_LIVE, KeyFormat.DEFAULT)) {
            String text = text(issued(format));
            clearInvocations(store);

            assertThat(outcome(keys.verify(text))).as(text).isEqualTo("VERIFIED");
            verify(store, times(1)).findByDigest(any());
        }
    }

    @Test
    void keyOfAFormatThatIsNotConfiguredIsMalformed() {
        String text = text(north.issue(REQUEST));

        assertThat(outcome(keys(TEST).verify(text))).isEqualTo("MALFORMED");
        assertThat(keys(TEST).recognizes(text)).isFalse();
    }

    @Test
    void prefixesOfAllFormatsAreRecognized() {
        for (String prefix : List.of("acme_live_", "acme_test_", "live_", "ck_")) {
            assertThat(keys.recognizes(prefix)).isTrue();
            assertThat(keys.recognizes(prefix + "?")).isTrue();
        }
        assertThat(keys.recognizes("acme_")).isFalse();
        assertThat(keys.recognizes("acme_dev_" + "a".repeat(32))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme_live_", "acme_test_", "live_", "ck_"})
    void textsOfAnotherShapeOrWithWrongCheckCharactersAreMalformed(String prefix) {
        String key = prefix + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4";
        key += new CheckCharacters(new byte[16]).of(key);
        for (String text : List.of(
                prefix,
                key,
                key.substring(1),
                key.substring(0, key.length() - 1),
                key + "0",
                key.replace('a', 'A'),
                key.replace("g7", "g\u0137"),
                key.replaceFirst("_", "-"),
                prefix + key)) {
            assertThat(outcome(keys.verify(text))).as(text).isEqualTo("MALFORMED");
        }
        verify(store, never()).findByDigest(any());
    }

    /** The check characters cover the prefix: a live key is not a test key, nor vice versa. */
    @Test
    void prefixOfAKeyCannotBeReplaced() {
        String secret = text(north.issue(REQUEST)).substring("acme_live_".length());
        for (String prefix : List.of("acme_test_", "live_", "ck_")) {
            assertThat(outcome(keys.verify(prefix + secret))).isEqualTo("MALFORMED");
        }
        verify(store, never()).findByDigest(any());
    }

    @Test
    void floodOfMadeUpKeysOfASecondFormatDoesNotReachTheStore() {
        Random random = new Random(20260301);
        for (int i = 0; i < 10_000; i++) {
            String text = "acme_test_"
                    + random.ints(32, 0, 36)
                            .map(digit -> Character.forDigit(digit, 36))
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);

            assertThat(outcome(keys.verify(text))).isEqualTo("MALFORMED");
        }
        verify(store, never()).findByDigest(any());
    }

    @Test
    void cachedKeysOfSeveralFormatsVerifyWithoutALookup() throws Exception {
        Metronome time = new Metronome();
        try (ApiKeys cached = fixture.builder(store)
                .formats(LIVE, TEST, OLD_LIVE, KeyFormat.DEFAULT)
                .monotonicTime(time)
                .cache(10)
                .build()) {
            time.awaitPoll();
            List<IssuedKey> all = List.of(
                    issued(LIVE), issued(TEST), issued(OLD_LIVE), issued(KeyFormat.DEFAULT), issued(KeyFormat.DEFAULT));
            time.poll();
            all.forEach(key -> assertThat(outcome(cached.verify(text(key)))).isEqualTo("VERIFIED"));
            clearInvocations(store);

            all.forEach(key -> assertThat(cached.verify(text(key))
                            .orElseThrow(AssertionError::new)
                            .key())
                    .isEqualTo(key.key()));
            String live = text(all.get(0));
            assertThat(outcome(cached.verify(live.replace("live", "test")))).isEqualTo("MALFORMED");
            assertThat(outcome(cached.verify(live.substring(5)))).isEqualTo("MALFORMED");
            verify(store, never()).findByDigest(any());

            cached.managedBy(ADMIN).revoke(all.get(1).key().id(), "lost");
            time.poll();
            assertThat(outcome(cached.verify(text(all.get(1))))).isEqualTo("REVOKED");
            assertThat(outcome(cached.verify(live))).isEqualTo("VERIFIED");
        }
    }

    @Test
    void rotationStaysInTheFormatOfTheKey() {
        for (KeyFormat format : List.of(LIVE, TEST, OLD_LIVE, KeyFormat.DEFAULT)) {
            IssuedKey old = issued(format);

            IssuedKey successor = north.rotate(old.key().id(), DAY).successor();

            assertThat(text(successor)).matches(format.regularExpression());
            assertThat(successor.key().environment()).isEqualTo(old.key().environment());
            assertThat(outcome(keys.verify(text(successor)))).isEqualTo("VERIFIED");
        }
    }

    @Test
    void rotationMovesAKeyOfARemovedFormatToTheFirstOneOfItsEnvironment() {
        IssuedKey oldTest = issued(KeyFormat.prefix("old_test_").environment("test"));
        IssuedKey oldPlain = issued(KeyFormat.prefix("old_"));

        assertThat(text(north.rotate(oldTest.key().id(), DAY).successor())).startsWith("acme_test_");
        assertThat(text(north.rotate(oldPlain.key().id(), DAY).successor())).startsWith("ck_");
    }

    @Test
    void keyWithoutAnEnvironmentEntersOneOnRequestOnly() {
        TenantKeys changed = keys(LIVE, TEST).managedBy(ADMIN);
        KeyId id = issued(KeyFormat.DEFAULT).key().id();

        assertInvalid(
                Field.PREFIX,
                "prefix must be set, because the API key has no environment and each format has one: acme_live_,"
                        + " acme_test_",
                () -> changed.rotate(id, DAY));
        assertThat(changed.rotate(id, DAY, "acme_test_").successor().key().environment())
                .contains("test");
    }

    /** A test key must not turn into a live one because its format was removed, or belongs to another environment by now. */
    @Test
    void rotationNeverChangesTheEnvironment() {
        KeyId staging =
                issued(KeyFormat.prefix("stage_").environment("staging")).key().id();
        KeyId moved =
                issued(KeyFormat.prefix("live_").environment("test")).key().id();

        assertInvalid(
                Field.ENVIRONMENT,
                "environment staging, that of the API key, is not available for new keys: issue a key in another one, or ask"
                        + " an administrator",
                () -> north.rotate(staging, Duration.ZERO));
        assertThat(text(north.rotate(moved, Duration.ZERO).successor())).startsWith("acme_test_");
        assertThat(north.get(staging).revocation()).isEmpty();
    }

    @Test
    void rotationMovesAKeyToAnotherFormatOnRequest() {
        IssuedKey old = issued(OLD_LIVE);

        Rotation rotation = north.rotate(old.key().id(), DAY, "acme_live_");

        assertThat(text(rotation.successor())).matches(LIVE.regularExpression());
        assertThat(row(rotation.successor().key()).prefix()).isEqualTo("acme_live_");
        assertThat(rotation.successor().key().environment()).contains("live");
        assertThat(rotation.predecessor().successor())
                .contains(rotation.successor().key().id());
        assertThat(outcome(keys.verify(text(old)))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(text(rotation.successor())))).isEqualTo("VERIFIED");
    }

    @Test
    void keyDoesNotMoveToAnUnknownFormatOrAnotherEnvironment() {
        KeyId id = issued(TEST).key().id();

        assertInvalid(
                Field.PREFIX,
                "prefix must be one of: acme_live_, acme_test_, live_, ck_",
                () -> north.rotate(id, DAY, "acme_"));
        for (String prefix : List.of("acme_live_", "ck_")) {
            assertInvalid(
                    Field.PREFIX,
                    "prefix must be that of a format of the environment test, in which the key was issued",
                    () -> north.rotate(id, DAY, prefix));
        }
        assertThat(north.get(id).successor()).isEmpty();
    }

    @Test
    void keysOfAllFormatsAreRevokedByPossession() {
        List<IssuedKey> all = List.of(issued(LIVE), issued(TEST), issued(OLD_LIVE), issued(KeyFormat.DEFAULT));
        String pasted = "A=" + text(all.get(0)) + "," + text(all.get(1)) + text(all.get(2)) + "x" + text(all.get(3));

        assertThat(keys.revokeByPossession(Secret.of(pasted), "found")).isTrue();

        all.forEach(key -> assertThat(outcome(keys.verify(text(key)))).isEqualTo("REVOKED"));
    }

    @Test
    void keyIsFoundAlthoughItEndsTheTextOfAnotherFormat() {
        ApiKeys both = keys(KeyFormat.DEFAULT, KeyFormat.prefix("k_"));
        String shorter = text(both.managedBy(ADMIN)
                .rotate(issued(KeyFormat.DEFAULT).key().id(), DAY, "k_")
                .successor());

        assertThat(both.revokeByPossession(Secret.of("c" + shorter), "")).isTrue();

        assertThat(outcome(both.verify(shorter))).isEqualTo("REVOKED");
    }

    @Test
    void noTextOfAnyFormatIsStoredOrLogged() {
        String text = text(issued(TEST));
        String hint = text.substring(text.length() - 4);

        assertInvalid(
                Field.NAME,
                "name must not contain the text of an API key",
                () -> north.issue(NewKey.named("Key " + text).allowing("read:people")));
        IssuedKey key = north.issue(REQUEST);
        assertInvalid(
                Field.NAME,
                "name must not contain the text of an API key",
                () -> north.change(key.key().id(), KeyChange.ifVersion(1).rename(text)));
        assertThat(north.revoke(key.key().id(), "was " + text + " before")
                        .revocation()
                        .orElseThrow()
                        .reason())
                .isEqualTo("was …" + hint + " before");
        try (CapturedLog log = new CapturedLog()) {
            keys.managedBy(ManagementSession.of(TenantId.of("north"), UserId.of("ada " + text))
                            .withRoles("Admin"))
                    .issue(REQUEST);

            assertThat(log.linesFrom("event=key.issued"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("[has an API key in it]").doesNotContain(text.substring(10, 30)));
        }
    }

    @Test
    void uncheckedImportsAcceptKeysOfEveryFormat() {
        ApiKeys unchecked = fixture.builder(store)
                .formats(LIVE, KeyFormat.DEFAULT)
                .uncheckedImports(ImportDigest.sha256())
                .build();
        for (String prefix : List.of("acme_live_", "ck_")) {
            String before = prefix + "z".repeat(32);
            var report = unchecked
                    .operatedBy(new Job("import"))
                    .importKeys(
                            List.of(ImportedKey.digested(HexFormat.of()
                                            .formatHex(ImportDigest.sha256()
                                                    .algorithm()
                                                    .digest(before)))
                                    .prefixed(prefix)
                                    .of("north")
                                    .named("Payroll")
                                    .allowing("read:people")
                                    .hint("zzzz")),
                            progress -> {});

            assertThat(report.imported()).isEqualTo(1);
            Verified verified = unchecked.verify(before).orElseThrow(AssertionError::new);
            assertThat(verified.environment()).isEmpty();
            assertThat(row(verified.key()).isImported()).isTrue();
            assertThat(text(unchecked
                            .managedBy(ADMIN)
                            .rotate(verified.key().id(), Duration.ZERO)
                            .successor()))
                    .as("an imported key has no environment, so its successor has none")
                    .startsWith("ck_");
        }
    }

    @Test
    void startWarnsAboutActiveKeysOfAMissingFormat() {
        IssuedKey issued = issued(TEST);
        String warning =
                "Active API keys with the prefix acme_test_ are rejected: configure their format with formats(…)";
        try (CapturedLog log = new CapturedLog()) {
            keys(LIVE, TEST);
            assertThat(log.linesFrom("are rejected")).isEmpty();

            keys(LIVE);
            assertThat(log.linesFrom("Active API keys"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith(warning));
        }
        north.revoke(issued.key().id(), "");
        try (CapturedLog log = new CapturedLog()) {
            keys(LIVE);
            assertThat(log.linesFrom("are rejected")).isEmpty();
        }
    }

    @Test
    void formatsAndPeppersAreIndependent() {
        ApiKeys later = fixture.builder(store, Fixture.OTHER_PEPPER, PEPPER)
                .formats(TEST, LIVE)
                .build();
        IssuedKey old = north.issue(REQUEST);

        IssuedKey successor = later.managedBy(ADMIN).rotate(old.key().id(), DAY).successor();

        assertThat(text(successor)).startsWith("acme_live_");
        assertThat(outcome(later.verify(text(old)))).isEqualTo("VERIFIED");
        assertThat(outcome(later.verify(text(successor)))).isEqualTo("VERIFIED");
    }

    private static void assertInvalid(Field field, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo(field))
                .hasMessage(message);
    }
}
