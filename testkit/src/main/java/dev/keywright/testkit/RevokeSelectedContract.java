package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contract of the writes that revoke the keys of a tenant with one property: their creator, or their owner. */
abstract class RevokeSelectedContract extends ContractPart {

    private static final int ALL = KeyStore.MAX_KEYS_PER_WRITE;

    RevokeSelectedContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    /** Calls the method under test for the tenant {@code north}. */
    abstract BulkWriteResult revoke(int limit);

    /** Returns a builder of an active key that the method revokes, if the tenant is the same. */
    abstract ApiKey.Builder selected(TenantId tenant);

    /** Returns builders of keys of the tenant that are similar to a {@link #selected} one, and not revoked. */
    abstract List<ApiKey.Builder> similar(TenantId tenant);

    @Test
    void onlySelectedKeysOfTheTenantAreRevoked() {
        StoredKey active = stored(selected(NORTH));
        StoredKey expired = stored(selected(NORTH).expiresAt(NOW.minusSeconds(1)));
        StoredKey southern = stored(selected(SOUTH));
        List<StoredKey> others = similar(NORTH).stream().map(this::stored).toList();

        BulkWriteResult result = revoke(ALL);

        assertThat(result.changed()).isEqualTo(2);
        assertThat(inStore(active)).isEqualTo(revoked(active, result));
        assertThat(inStore(expired)).isEqualTo(revoked(expired, result));
        assertThat(byDigest(active.digest())).contains(revoked(active, result));
        assertThat(inStore(southern)).isEqualTo(southern);
        assertThat(others)
                .isNotEmpty()
                .allSatisfy(other -> assertThat(inStore(other)).isEqualTo(other));
    }

    @Test
    void earlierRevocationsAreKept() {
        StoredKey first = stored(selected(NORTH));
        store.revoke(NORTH, first.key().id(), revocation(NOW, "before"));
        StoredKey second = stored(selected(NORTH));
        store.revokeAll(NORTH, revocation(NOW, "with all"));
        List<StoredKey> before = allOf(NORTH);
        StoredKey third = stored(selected(NORTH));

        assertThat(revoke(ALL).changed()).isEqualTo(1);

        assertThat(List.of(inStore(first), inStore(second))).isEqualTo(before);
        assertThat(inStore(third).key().revocation()).contains(REVOCATION);
    }

    /** A store that counts other keys against the limit would end before all are revoked. */
    @Test
    void revokesAtMostTheLimit() {
        for (int i = 0; i < 5; i++) {
            similar(NORTH).forEach(this::stored);
            stored(selected(NORTH).revocation(revocation(NOW, "before")));
            stored(selected(NORTH));
        }

        assertThat(revoke(2).changed()).isEqualTo(2);
        assertThat(revokedHere()).hasSize(2);
        assertThat(revoke(2).changed()).isEqualTo(2);
        assertThat(revoke(2).changed()).isEqualTo(1);
        assertThat(revoke(2).changed()).isZero();
        assertThat(revokedHere()).hasSize(5);
    }

    private Stream<StoredKey> revokedHere() {
        return allOf(NORTH).stream()
                .filter(key -> key.key().revocation().filter(REVOCATION::equals).isPresent());
    }

    @Test
    void usageIsKept() {
        StoredKey key = stored(selected(NORTH));
        usage().recordUsage(List.of(delta(key)));

        revoke(ALL);

        assertThat(usageOf(key)).contains(delta(key).usage());
    }

    private static StoredKey revoked(StoredKey key, BulkWriteResult result) {
        return key.changed(
                StoredValues.keyBuilder(key.key())
                        .revocation(REVOCATION)
                        .version(2)
                        .build(),
                result.revision());
    }
}
