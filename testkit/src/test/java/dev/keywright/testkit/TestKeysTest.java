package dev.keywright.testkit;

import static dev.keywright.testkit.KeywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Rejected.Reason;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.Verification;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestKeysTest {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");

    @Test
    void activeKeyIsAcceptedForItsScopesOnly() {
        IssuedKey issued = keys.active("north", "read:people");

        assertThat(verify(issued.secret())).isOfTenant("north").allows("read:people");
        assertThat(keys.apiKeys().verify(issued.secret().reveal(), Scope.of("write:people")))
                .lacks("write:people");
        assertThat(issued.key()).neverExpires().wasUsed(0);
    }

    @Test
    void keyHasAllScopesByDefault() {
        assertThat(keys.active("north").key()).hasScopesExactly("read:people", "write:people");
    }

    @Test
    void inactiveAndUnknownKeysAreRejected() {
        assertThat(verify(keys.revoked("north").secret())).isRejectedWith(Reason.REVOKED);
        assertThat(verify(keys.expired("north").secret())).isRejectedWith(Reason.EXPIRED);
        assertThat(verify(keys.unknown())).isRejectedWith(Reason.UNKNOWN);
    }

    @Test
    void revokedKeyIsReturnedAsRevoked() {
        assertThat(keys.revoked("north").key()).isRevokedWithReason("made for a test");
    }

    @Test
    void unknownKeyIsNeverIssuedLater() {
        String unknown = keys.unknown().reveal();

        assertThat(keys.active("north").secret().reveal()).isNotEqualTo(unknown);
    }

    @Test
    void expiredKeyLeavesTheClockUnchanged() {
        Instant before = keys.clock().instant();

        Secret secret = keys.expired("north").secret();

        assertThat(keys.clock().instant()).isEqualTo(before);
        keys.clock().advance(MILLISECOND.negated());
        assertThat(verify(secret)).isVerified();
    }

    @Test
    void expiringKeyIsAcceptedUntilItsExpiry() {
        IssuedKey expiring = keys.expiringIn("north", Duration.ofHours(1), "read:people");

        keys.clock().advance(Duration.ofHours(1).minus(MILLISECOND));
        assertThat(verify(expiring.secret())).isVerified();
        keys.clock().advance(MILLISECOND);
        assertThat(verify(expiring.secret())).isRejectedWith(Reason.EXPIRED);
        assertThat(expiring.key()).expiresAt(keys.clock().instant()).hasScopesExactly("read:people");
    }

    @Test
    void predecessorExpiresADayAfterRotation() {
        TestKeys.RotatedKey rotated = keys.rotated("north", "read:people");
        Secret old = rotated.predecessor().secret();
        Secret successor = rotated.successor().secret();

        assertThat(verify(old)).isVerified().key().hasScopesExactly("read:people");
        assertThat(verify(successor)).isVerified().key().hasScopesExactly("read:people");
        keys.clock().advance(Duration.ofDays(1));
        assertThat(verify(old)).isRejectedWith(Reason.EXPIRED);
        assertThat(verify(successor)).isVerified();
        assertThat(rotated.predecessor().key()).expiresAt(keys.clock().instant());
        assertThat(rotated.successor().key())
                .isSuccessorOf(rotated.predecessor().key());
    }

    @Test
    void usageOfUsedKeyIsRecorded() {
        TenantKeys north = keys.apiKeys().managedBy(keys.admin("north"));

        IssuedKey used = keys.used("north");

        assertThat(used.key()).wasUsed(2);
        assertThat(north.get(used.key().id())).wasUsed(2);
        assertThat(north.reports().unusedScopes()).isEmpty();
    }

    @Test
    void maintenanceRecordsUsage() {
        IssuedKey issued = keys.active("north");
        TenantKeys north = keys.apiKeys().managedBy(keys.admin("north"));

        verify(issued.secret());

        assertThat(north.get(issued.key().id())).wasUsed(0);
        keys.runMaintenance();
        assertThat(north.get(issued.key().id())).wasUsed(1);
    }

    @Test
    void adminSeesKeysOfOwnTenantOnly() {
        keys.active("north");

        assertThat(keys.apiKeys().managedBy(keys.admin("north")).stream(KeyQuery.active())
                        .toList())
                .hasSize(1);
        assertThat(keys.apiKeys().managedBy(keys.admin("south")).stream(KeyQuery.active())
                        .toList())
                .isEmpty();
    }

    private Verification verify(Secret secret) {
        return keys.apiKeys().verify(secret.reveal());
    }
}
