package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class RevokeAllContract extends ContractPart {

    RevokeAllContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void onlyKeysOfTheTenantAreRevoked() {
        StoredKey one = inserted(NORTH);
        StoredKey other = stored(samples.unsaved(NORTH).imported("legacy_"));
        StoredKey southern = inserted(SOUTH);

        BulkWriteResult result = store.revokeAll(NORTH, REVOCATION);

        assertThat(result.changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).containsExactly(revoked(one), revoked(other));
        assertThat(byDigest(one.digest())).contains(revoked(one));
        assertThat(allOf(SOUTH)).containsExactly(southern);
    }

    @Test
    void expiredKeysAreRevoked() {
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW.minusSeconds(1)));

        BulkWriteResult result = store.revokeAll(NORTH, REVOCATION);

        assertThat(result.changed()).isEqualTo(1);
        assertThat(inStore(expired)).isEqualTo(revoked(expired));
    }

    @Test
    void earlierRevocationsAreKept() {
        StoredKey key = inserted(NORTH);
        StoredKey before = store.revoke(NORTH, key.key().id(), revocation(NOW.plusSeconds(60), "before"))
                .key()
                .orElseThrow();
        inserted(NORTH);

        BulkWriteResult first = store.revokeAll(NORTH, REVOCATION);
        BulkWriteResult second = store.revokeAll(NORTH, revocation(NOW.minusSeconds(60), "again"));

        assertThat(first.changed()).isEqualTo(1);
        assertThat(second.changed()).isZero();
        assertThat(inStore(key)).isEqualTo(before);
    }

    @Test
    void usageIsKept() {
        StoredKey key = inserted(NORTH);
        usage().recordUsage(List.of(delta(key)));

        store.revokeAll(NORTH, REVOCATION);

        assertThat(usageOf(key)).contains(delta(key).usage());
    }

    @Test
    void keysInsertedLaterAreActive() {
        inserted(NORTH);
        store.revokeAll(NORTH, REVOCATION);

        StoredKey next = stored(samples.unsaved(NORTH));

        assertThat(list(NORTH, ApiKey.State.ACTIVE, NOW, null, 10)).containsExactly(next);
    }

    @Test
    void tenantWithoutKeysIsUnchanged() {
        inserted(SOUTH);

        assertThat(store.revokeAll(NORTH, REVOCATION).changed()).isZero();
    }

    @Test
    void revokedKeyIsInactiveForEveryCall() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        store.revokeAll(NORTH, REVOCATION);
        ApiKey revoked = inStore(key).key();
        StoredKey successor = samples.successorOf(key);

        assertThat(store.change(
                                StoredValues.keyBuilder(revoked)
                                        .revocation(null)
                                        .build(),
                                NOW)
                        .changed())
                .isFalse();
        assertThat(store.replace(rotatedTo(successor, inStore(key)), successor, NOW)
                        .changed())
                .isFalse();
        assertThat(store.revoke(NORTH, revoked.id(), revocation(NOW, "again")).key())
                .contains(inStore(key));
        ifUsageIsKept(usage ->
                assertThat(usage.claimExpiring(NOW, Duration.ofSeconds(1), 10)).isEmpty());
        assertThat(store.countByOrigin(NOW)).isEmpty();
        assertThat(store.originsInUse(NOW)).isEmpty();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isTrue();
        assertThat(inStore(key).key()).isEqualTo(revoked);
    }

    @Test
    void secondRevocationCoversKeysInsertedBetween() {
        StoredKey first = inserted(NORTH);
        store.revokeAll(NORTH, REVOCATION);
        StoredKey second = inserted(NORTH);

        assertThat(store.revokeAll(NORTH, revocation(NOW, "again")).changed()).isEqualTo(1);

        assertThat(inStore(first).key().revocation()).contains(REVOCATION);
        assertThat(inStore(second).key().revocation()).contains(revocation(NOW, "again"));
    }

    /** Returns a key as revoked with its tenant. Its revision stays: the eviction of the tenant reports the change. */
    private static StoredKey revoked(StoredKey key) {
        ApiKey now = StoredValues.keyBuilder(key.key())
                .revocation(REVOCATION)
                .version(2)
                .build();
        return key.changed(now, key.changeRevision());
    }
}
