package dev.keywright.testkit;

import static dev.keywright.testkit.KeywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyUsage;
import dev.keywright.Rejected.Reason;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.Verification;
import dev.keywright.internal.ValueAccess;
import java.time.Instant;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KeywrightAssertionsTest {

    private static final Instant NOW = SampleKeys.NOW;
    private static final String NORTHERN = "ApiKey[payroll of north, hint o5p6, read:people write:people]";

    private final ApiKey.Builder builder = new SampleKeys()
            .key(SampleKeys.NORTH)
            .id(KeyId.of("payroll"))
            .name(KeyName.of("100 %s"))
            .scopes(Scopes.of("read:people", "write:people"));
    private final ApiKey key = builder.build();

    @Nested
    class OfVerifications {

        private final Verification verified = ValueAccess.get().verified(key);
        private final Verification revoked = ValueAccess.get().revoked(key);
        private final Verification lacking = ValueAccess.get().missingScope(key, Scope.of("write:interviews"));

        @Test
        void assertionPassesIfTrue() {
            assertThat(verified)
                    .isVerified()
                    .isOfTenant("north")
                    .allows("write:people")
                    .key()
                    .hasName("100 %s");
            assertThat(revoked)
                    .isRejected()
                    .isRejectedWith(Reason.REVOKED)
                    .key()
                    .isEqualTo(key);
            assertThat(lacking).lacks("write:interviews").isRejected();
        }

        @Test
        void messageNamesReasonOfRejection() {
            String sentence = "Expecting the key to be verified, but was Rejected[REVOKED, payroll]";
            expect(sentence, () -> assertThat(revoked).isVerified());
            expect(sentence, () -> assertThat(revoked).isOfTenant("north"));
            expect(sentence, () -> assertThat(revoked).allows("read:people"));
        }

        @Test
        void messageNamesAcceptedKey() {
            String sentence = "Expecting the key to be rejected, but was Verified[" + NORTHERN + "]";
            expect(sentence, () -> assertThat(verified).isRejected());
            expect(sentence, () -> assertThat(verified).isRejectedWith(Reason.UNKNOWN));
            expect(sentence, () -> assertThat(verified).lacks("write:interviews"));
        }

        @Test
        void messageNamesExpectedAndActualReason() {
            expect(
                    "Expecting the key to be rejected with <EXPIRED>, but was Rejected[REVOKED, payroll]",
                    () -> assertThat(revoked).isRejectedWith(Reason.EXPIRED));
            expect(
                    "Expecting the key to be rejected with <MISSING_SCOPE>, but was Rejected[REVOKED, payroll]",
                    () -> assertThat(revoked).lacks("write:interviews"));
            expect(
                    "Expecting the key to lack <read:people>, but it lacks <write:interviews>",
                    () -> assertThat(lacking).lacks("read:people"));
        }

        @Test
        void messageNamesActualKey() {
            expect(
                    "Expecting a key of tenant <south>, but it is " + NORTHERN,
                    () -> assertThat(verified).isOfTenant("south"));
            expect(
                    "Expecting " + NORTHERN + " to allow <write:interviews>, but it allows <read:people write:people>",
                    () -> assertThat(verified).allows("write:interviews"));
            expect(
                    "Expecting a key that exists, but was Rejected[UNKNOWN]",
                    () -> assertThat(ValueAccess.get().unknown()).key());
        }

        @Test
        void messageStartsWithDescription() {
            expect(
                    "[the nightly job] Expecting the key to be verified, but was Rejected[MALFORMED]",
                    () -> assertThat(ValueAccess.get().malformed())
                            .as("the nightly job")
                            .isVerified());
            expect(
                    "[the nightly job] Expecting " + NORTHERN + " to be revoked, but it is not",
                    () -> assertThat(verified).as("the nightly job").key().isRevoked());
        }

        @Test
        void nullFails() {
            assertThatThrownBy(() -> assertThat((Verification) null).isVerified())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expecting actual not to be null");
        }
    }

    @Nested
    class OfKeys {

        private final KeyUsage usage = new KeyUsage(NOW, 7, Set.of());

        @Test
        void assertionPassesIfTrue() {
            assertThat(key)
                    .isOfTenant("north")
                    .hasName("100 %s")
                    .hasScopesExactly("read:people", "write:people")
                    .isActiveAt(NOW)
                    .neverExpires()
                    .wasUsed(0);
            assertThat(builder.expiresAt(NOW)
                            .usage(usage)
                            .predecessor(KeyId.of("payroll"))
                            .build())
                    .isExpiredAt(NOW)
                    .isActiveAt(NOW.minusMillis(1))
                    .expiresAt(NOW)
                    .wasUsed(7)
                    .isSuccessorOf(key);
            assertThat(builder.revocation(SampleKeys.REVOCATION).build())
                    .isRevoked()
                    .isRevokedWithReason("left the district");
        }

        @Test
        void messageNamesExpectedAndActualValue() {
            expectOther("tenant", "south", "north", () -> assertThat(key).isOfTenant("south"));
            expectOther("name", "99 %d", "100 %s", () -> assertThat(key).hasName("99 %d"));
            expectOther(
                    "scopes",
                    "write:people read:people",
                    "read:people write:people",
                    () -> assertThat(key).hasScopesExactly("write:people", "read:people"));
            expectOther("use count", "1", "0", () -> assertThat(key).wasUsed(1));
            expectOther("predecessor", "payroll", "null", () -> assertThat(key).isSuccessorOf(key));
        }

        @Test
        void messageNamesExpiryAndState() {
            ApiKey expiring = builder.expiresAt(NOW).build();

            expectOther("expiry", NOW, "null", () -> assertThat(key).expiresAt(NOW));
            expectOther("expiry", "null", NOW, () -> assertThat(expiring).neverExpires());
            expectOther(
                    "state at " + NOW,
                    "ACTIVE",
                    "EXPIRED",
                    () -> assertThat(expiring).isActiveAt(NOW));
            expectOther(
                    "state at " + NOW,
                    "EXPIRED",
                    "ACTIVE",
                    () -> assertThat(key).isExpiredAt(NOW));
        }

        @Test
        void messageNamesRevocationReason() {
            ApiKey revoked = builder.revocation(SampleKeys.REVOCATION).build();

            expect(
                    "Expecting " + NORTHERN + " to be revoked, but it is not",
                    () -> assertThat(key).isRevoked());
            expect(
                    "Expecting " + NORTHERN + " to be revoked, but it is not",
                    () -> assertThat(key).isRevokedWithReason("left the district"));
            expectOther(
                    "reason",
                    "leaked",
                    "left the district",
                    () -> assertThat(revoked).isRevokedWithReason("leaked"));
        }

        @Test
        void nullFails() {
            assertThatThrownBy(() -> assertThat((ApiKey) null).isRevoked())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expecting actual not to be null");
        }

        private void expectOther(String part, Object expected, Object found, ThrowingCallable assertion) {
            expect(
                    "Expecting " + NORTHERN + " to have the " + part + " <" + expected + ">, but it has <" + found
                            + ">",
                    assertion);
        }
    }

    private static void expect(String message, ThrowingCallable assertion) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessage(message);
    }
}
