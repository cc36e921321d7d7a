package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class PurgeTenantContract extends ContractPart {

    private static final int ALL = KeyStore.MAX_KEYS_PER_WRITE;

    PurgeTenantContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void allKeysOfTheTenantAreDeleted() {
        StoredKey active = inserted(NORTH);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        StoredKey southern = inserted(SOUTH);

        assertThat(store.purgeTenant(NORTH, ALL).changed()).isEqualTo(3);

        assertThat(allOf(NORTH)).isEmpty();
        assertThat(List.of(active, expired, revoked))
                .allSatisfy(gone -> assertThat(byDigest(gone.digest())).isEmpty());
        assertThat(allOf(SOUTH)).containsExactly(southern);
    }

    @Test
    void deletesAtMostTheLimit() {
        inserted(NORTH, 5);

        assertThat(store.purgeTenant(NORTH, 2).changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).hasSize(3);
        assertThat(store.purgeTenant(NORTH, 2).changed()).isEqualTo(2);
        assertThat(store.purgeTenant(NORTH, 2).changed()).isEqualTo(1);
        assertThat(store.purgeTenant(NORTH, 2).changed()).isZero();
    }

    @Test
    void idAndDigestAreReusableAfterwards() {
        StoredKey key = inserted(NORTH);
        ifUsageIsKept(usage -> usage.recordUsage(List.of(delta(key))));
        store.revokeAll(NORTH, REVOCATION);

        store.purgeTenant(NORTH, ALL);
        StoredKey again = stored(key);
        StoredKey other = inserted(NORTH);

        assertThat(allOf(NORTH)).containsExactly(again, other);
        assertThat(again.key().revocation()).isEmpty();
        assertThat(byDigest(key.digest())).contains(again);
        assertThat(usageOf(key)).isEmpty();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(2), NOW).changed())
                .isFalse();
    }

    @Test
    void revokedKeysStayRevokedUntilTheyAreDeleted() {
        inserted(NORTH, 5);
        store.revokeAll(NORTH, REVOCATION);

        store.purgeTenant(NORTH, 3);

        assertThat(allOf(NORTH))
                .hasSize(2)
                .allSatisfy(key -> assertThat(key.key().revocation()).contains(REVOCATION));
    }
}
