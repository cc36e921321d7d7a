package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.use;
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

    PurgeContract(Supplier<KeyStore> made) {
        super(made);
    }

    @Test
    void deletesTheKeysOfAllTenantsThatEndedBefore() {
        StoredKey expired = stored(ended(BEFORE));
        StoredKey revoked = stored(revoked(BEFORE));
        StoredKey southern = stored(samples.key(SOUTH).expiresAt(BEFORE));
        StoredKey active = inserted(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(3);

        assertThat(allOf(NORTH)).containsExactly(active);
        assertThat(allOf(SOUTH)).isEmpty();
        assertThat(List.of(expired, revoked, southern)).allSatisfy(gone -> {
            assertThat(byDigest(gone.digest())).isEmpty();
            assertThat(find(gone.key().tenant(), gone.key().id())).isEmpty();
        });
    }

    @Test
    void leavesWhatEndedExactlyThenOrLater() {
        stored(ended(NOW));
        stored(revoked(NOW));
        stored(ended(NOW.plusSeconds(1)));
        stored(ended(NOW).revocation(revocation(NOW.plusSeconds(1), "late")));
        List<StoredKey> before = allOf(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isZero();

        assertThat(allOf(NORTH)).isEqualTo(before);
    }

    @Test
    void countsByWhicheverEndWasFirst() {
        stored(ended(NOW.plusSeconds(3600)).revocation(revocation(BEFORE, "before its end")));
        stored(ended(BEFORE).revocation(revocation(NOW.plusSeconds(3600), "after its end")));

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(2);
    }

    @Test
    void purgesAtMostTheLimit() {
        for (int i = 0; i < 5; i++) {
            stored(i % 2 == 0 ? ended(BEFORE) : revoked(BEFORE));
        }

        assertThat(store.purge(NOW, 2).changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).hasSize(3);
        assertThat(store.purge(NOW, 2).changed()).isEqualTo(2);
        assertThat(store.purge(NOW, 2).changed()).isEqualTo(1);
        assertThat(store.purge(NOW, 2).changed()).isZero();
        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void deletesWhatIsKnownOfTheKeysUse() {
        StoredKey key = stored(ended(BEFORE));
        usage().recordUsage(List.of(use(key)));
        StoredKey kept = inserted(NORTH);
        usage().recordUsage(List.of(use(kept)));

        store.purge(NOW, ALL);

        stored(key);
        assertThat(usageOf(key)).isEmpty();
        assertThat(usageOf(kept)).isPresent();
    }

    @Test
    void freesTheIdAndTheDigest() {
        StoredKey key = stored(ended(BEFORE));

        store.purge(NOW, ALL);

        StoredKey again = stored(key);
        assertThat(inStore(key)).isEqualTo(again);
        assertThat(byDigest(key.digest())).contains(again);
    }

    @Test
    void leavesTheOtherKeyOfARotationAsItIs() {
        StoredKey successor = inserted(NORTH);
        StoredKey old = stored(ended(BEFORE).successor(successor.key().id()));
        StoredKey lineage = stored(samples.key(NORTH).predecessor(old.key().id()));

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(1);

        assertThat(allOf(NORTH)).containsExactly(successor, lineage);
    }

    @Test
    void deletesTheKeysThatWereRevokedAllAtOnce() {
        stored(ended(NOW.plusSeconds(3600)));
        inserted(NORTH);
        store.revokeAll(NORTH, revocation(BEFORE, "left the district"));
        StoredKey later = inserted(NORTH);

        assertThat(store.purge(NOW, ALL).changed()).isEqualTo(2);
        assertThat(allOf(NORTH)).containsExactly(later);
    }

    private ApiKey.Builder ended(Instant at) {
        return samples.key(NORTH).expiresAt(at);
    }

    private ApiKey.Builder revoked(Instant at) {
        return samples.key(NORTH).revocation(revocation(at, "left the district"));
    }
}
