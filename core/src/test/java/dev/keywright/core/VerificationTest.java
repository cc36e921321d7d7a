package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.issue;
import static dev.keywright.core.Fixture.outcome;
import static dev.keywright.core.Fixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyListener;
import dev.keywright.management.NewKey;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {

    private static final Scope READ_PEOPLE = Scope.of("read:people");
    private static final Scope WRITE_PEOPLE = Scope.of("write:people");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.keysIn(store);
    private final IssuedKey issued = issue(keys.managedBy(ADMIN), "read:people");
    private final String token = issued.secret().reveal();

    @Test
    void verifiedKeyHasItsStoredValues() {
        Verified verified = keys.verify(token).orElseThrow(AssertionError::new);

        assertThat(verified.key()).isEqualTo(issued.key());
        assertThat(verified.tenant()).isEqualTo(TenantId.of("north"));
        assertThat(verified.allows(READ_PEOPLE)).isTrue();
        assertThat(verified.allows(WRITE_PEOPLE)).isFalse();
    }

    @Test
    void missingTokenIsMalformed() {
        assertThat(outcome(keys.verify(null))).isEqualTo("MALFORMED");
        assertThat(outcome(keys.verify(null, READ_PEOPLE))).isEqualTo("MALFORMED");
        assertThat(keys.recognizes(null)).isFalse();
    }

    @Test
    void missingTokenIsMalformedWithACacheToo() {
        ApiKeys cached = fixture.builder(memory).cache(10).build();
        try {
            assertThat(outcome(cached.verify(null))).isEqualTo("MALFORMED");
        } finally {
            cached.close();
        }
    }

    @Test
    void verificationMakesOneLookup() {
        assertThat(outcome(keys.verify(token, READ_PEOPLE))).isEqualTo("VERIFIED");

        verify(store, times(1)).findByDigest(any());
    }

    @Test
    void scopesAreExact() {
        String writer = issue(keys.managedBy(ADMIN), "write:people").secret().reveal();

        Rejected rejected = rejected(keys.verify(writer, READ_PEOPLE));

        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.MISSING_SCOPE);
        assertThat(rejected.missingScope()).contains(READ_PEOPLE);
        assertThat(outcome(keys.verify(writer, WRITE_PEOPLE))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(writer, Scope.of("WRITE:PEOPLE")))).isEqualTo("MISSING_SCOPE");
        assertThat(outcome(keys.verify(writer, Scope.of("write:peopl")))).isEqualTo("MISSING_SCOPE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ck_",
                "ck",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6 ",
                "CK_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                "ck_A1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p=",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o%00",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p\u0000",
                "ck_\uFF11\uFF12b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                "ck_\uD835\uDFCFb2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p\uD83D",
                "ck-a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                "Bearer ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n"
            })
    void textOfAnotherShapeIsMalformed(String text) {
        assertThat(outcome(keys.verify(text))).isEqualTo("MALFORMED");

        verify(store, never()).findByDigest(any());
    }

    @Test
    void megabyteOfTextIsMalformed() {
        assertThat(outcome(keys.verify("ck_" + "a".repeat(1 << 20)))).isEqualTo("MALFORMED");
    }

    @Test
    void changeOfAnyCharacterIsDetectedWithoutALookup() {
        for (int i = 3; i < token.length(); i++) {
            char other = token.charAt(i) == 'a' ? 'b' : 'a';
            String changed = token.substring(0, i) + other + token.substring(i + 1);

            assertThat(outcome(keys.verify(changed))).as("position %d", i).isEqualTo("MALFORMED");
        }
        assertThat(outcome(keys.verify(token.toUpperCase(Locale.ROOT)))).isEqualTo("MALFORMED");
        verify(store, never()).findByDigest(any());
    }

    @Test
    void keyThatWasNotIssuedIsUnknown() {
        String unknown = issue(fixture.keysIn(new InMemoryKeyStore()).managedBy(ADMIN), "read:people")
                .secret()
                .reveal();

        Rejected rejected = rejected(keys.verify(unknown));

        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.UNKNOWN);
        assertThat(rejected.key()).isEmpty();
    }

    @Test
    void revokedKeyIsRejectedWhateverTheTime() {
        keys.managedBy(ADMIN).revoke(issued.key().id(), "");
        fixture.at(Instant.EPOCH);

        Rejected rejected = rejected(keys.verify(token, WRITE_PEOPLE));

        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.REVOKED);
        assertThat(rejected.key()).map(key -> key.id()).contains(issued.key().id());
    }

    @Test
    void keyExpiresAtItsExpiryToTheMillisecond() {
        Instant expiry = Instant.parse("2025-04-01T12:00:00Z");
        String expiring = keys.managedBy(ADMIN)
                .issue(NewKey.named("Spring").allowing("read:people").expiringAt(expiry))
                .secret()
                .reveal();

        fixture.at(expiry.minusMillis(1));
        assertThat(outcome(keys.verify(expiring))).isEqualTo("VERIFIED");
        fixture.at(expiry);
        assertThat(outcome(keys.verify(expiring))).isEqualTo("EXPIRED");
        assertThat(outcome(keys.verify(expiring, WRITE_PEOPLE))).isEqualTo("EXPIRED");
        fixture.at(expiry.minusMillis(1));
        assertThat(outcome(keys.verify(expiring))).isEqualTo("VERIFIED");
    }

    @Test
    void keyWithoutExpiryDoesNotExpire() {
        fixture.later(Duration.ofDays(365_000));

        assertThat(outcome(keys.verify(token))).isEqualTo("VERIFIED");
    }

    @Test
    void keysOfAcceptedPeppersAreVerified() {
        ApiKeys rotated = fixture.builder(store, OTHER_PEPPER, PEPPER).build();
        String underNewest =
                issue(rotated.managedBy(ADMIN), "read:people").secret().reveal();

        assertThat(outcome(rotated.verify(token))).isEqualTo("VERIFIED");
        assertThat(outcome(rotated.verify(underNewest))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(underNewest))).isEqualTo("MALFORMED");
    }

    @Test
    void rowWithAnotherDigestIsUnknown() {
        IssuedKey other = issue(keys.managedBy(ADMIN), "read:people");
        doReturn(memory.find(TenantId.of("north"), other.key().id()))
                .when(store)
                .findByDigest(any());

        assertThat(outcome(keys.verify(token))).isEqualTo("UNKNOWN");
    }

    @Test
    void unavailableStoreIsAnException() {
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .findByDigest(any());

        assertThatThrownBy(() -> keys.verify(token)).isInstanceOf(StoreUnavailableException.class);
        assertThat(outcome(keys.verify("ck_nonsense"))).isEqualTo("MALFORMED");
    }

    @Test
    void prefixOfIssuedKeysIsRecognized() {
        assertThat(keys.recognizes(token)).isTrue();
        assertThat(keys.recognizes("ck_")).isTrue();
        assertThat(keys.recognizes("CK_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6")).isFalse();
        assertThat(keys.recognizes("")).isFalse();
        assertThat(keys.recognizes("eyJhbGciOiJIUzI1NiJ9")).isFalse();
    }

    @Test
    void checkVerifiesLikeVerifyAndRecordsNoUsage() {
        assertThat(keys.check(token).orElseThrow(AssertionError::new).key()).isEqualTo(issued.key());
        fixture.runMaintenance();
        assertThat(keys.managedBy(ADMIN).get(issued.key().id()).usage()).isEmpty();

        keys.verify(token);
        fixture.runMaintenance();
        assertThat(keys.managedBy(ADMIN)
                        .get(issued.key().id())
                        .usage()
                        .orElseThrow()
                        .count())
                .isEqualTo(1);

        keys.managedBy(ADMIN).revoke(issued.key().id(), "");
        assertThat(outcome(keys.check(token))).isEqualTo("REVOKED");
        assertThat(outcome(keys.check("ck_nonsense"))).isEqualTo("MALFORMED");
    }

    @Test
    void checkReportsARejectionAsAnEvent() throws Exception {
        BlockingQueue<Rejected.Reason> reported = new LinkedBlockingQueue<>();
        KeyListener listener = new KeyListener() {
            @Override
            public void verificationRejected(Rejected rejected, long heldBack) {
                reported.add(rejected.reason());
            }
        };
        try (ApiKeys listened = fixture.builder(store).listener(listener).build()) {
            listened.check("ck_nonsense");
        }

        assertThat(reported.poll(20, TimeUnit.SECONDS)).isEqualTo(Rejected.Reason.MALFORMED);
    }

    @Test
    void nullScopeIsRefused() {
        assertThatThrownBy(() -> keys.verify("nonsense", null)).isInstanceOf(NullPointerException.class);
    }
}
