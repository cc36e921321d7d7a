package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class PurgeContract extends ContractPart {

    private static final Instant BEFORE = NOW.minusMillis(1);
    private static final int ALL = KeyStore.MAX_KEYS_PER_WRITE;

    PurgeContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void inactiveKeysOfAllTenantsAreDeleted() {
        StoredKey expiredKey = stored(expired(BEFORE));
        StoredKey revoked = stored(revoked(BEFORE));
        StoredKey southern = stored(samples.key(SOUTH).expiresAt(BEFORE));
        StoredKey active = inserted(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(3);

        assertThat(allOf(NORTH)).containsExactly(active);
        assertThat(allOf(SOUTH)).isEmpty();
        assertThat(List.of(expiredKey, revoked, southern)).allSatisfy(gone -> {
            assertThat(byDigest(gone.digest())).isEmpty();
            assertThat(find(gone.key().tenant(), gone.key().id())).isEmpty();
        });
    }

    @Test
    void keysInactiveAtTheInstantOrLaterAreKept() {
        stored(expired(NOW));
        stored(revoked(NOW));
        stored(expired(NOW.plusSeconds(1)));
        stored(expired(NOW).revocation(revocation(NOW.plusSeconds(1), "late")));
        List<StoredKey> before = allOf(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isZero();

        assertThat(allOf(NORTH)).isEqualTo(before);
    }

    @Test
    void earlierOfExpiryAndRevocationCounts() {
        stored(expired(NOW.plusSeconds(3600)).revocation(revocation(BEFORE, "before its expiry")));
        stored(expired(BEFORE).revocation(revocation(NOW.plusSeconds(3600), "after its expiry")));

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(2);
    }

    @Test
    void purgesAtMostTheLimit() {
        for (int i = 0; i < 5; i++) {
            stored(i % 2 == 0 ? expired(BEFORE) : revoked(BEFORE));
        }

        assertThat(store.purge(NOW, 2).changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).hasSize(3);
        assertThat(store.purge(NOW, 2).changed()).isEqualTo(2);
        assertThat(store.purge(NOW, 2).changed()).isEqualTo(1);
        assertThat(store.purge(NOW, 2).changed()).isZero();
        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void usageIsDeleted() {
        StoredKey key = stored(expired(BEFORE));
        usage().recordUsage(List.of(delta(key)));
        StoredKey kept = inserted(NORTH);
        usage().recordUsage(List.of(delta(kept)));

        store.purge(NOW, ALL);

        stored(key);
        assertThat(usageOf(key)).isEmpty();
        assertThat(usageOf(kept)).isPresent();
    }

    @Test
    void idAndDigestAreReusableAfterwards() {
        StoredKey key = stored(expired(BEFORE));

        store.purge(NOW, ALL);

        StoredKey again = stored(key);
        assertThat(inStore(key)).isEqualTo(again);
        assertThat(byDigest(key.digest())).contains(again);
    }

    @Test
    void otherKeyOfRotationIsUnchanged() {
        StoredKey successor = inserted(NORTH);
        StoredKey old = stored(expired(BEFORE).successor(successor.key().id()));
        StoredKey lineage = stored(samples.key(NORTH).predecessor(old.key().id()));

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(1);

        assertThat(allOf(NORTH)).containsExactly(successor, lineage);
    }

    @Test
    void keysRevokedWithTheirTenantAreDeleted() {
        stored(expired(NOW.plusSeconds(3600)));
        inserted(NORTH);
        store.revokeAll(NORTH, revocation(BEFORE, "left the district"));
        StoredKey later = inserted(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).containsExactly(later);
    }

    private ApiKey.Builder expired(Instant at) {
        return samples.key(NORTH).expiresAt(at);
    }

    private ApiKey.Builder revoked(Instant at) {
        return samples.key(NORTH).revocation(revocation(at, "left the district"));
    }
}
