package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class RevokeCreatedByContract extends ContractPart {

    private static final int ALL = KeyStore.MAX_KEYS_PER_WRITE;

    RevokeCreatedByContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void onlyKeysOfTheCreatorAndTenantAreRevoked() {
        StoredKey active = inserted(NORTH);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW.minusSeconds(1)));
        StoredKey southern = inserted(SOUTH);
        List<StoredKey> others = List.of(
                stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("Ada")))),
                stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("ada\u00A0")))),
                stored(samples.key(NORTH).createdBy(Actor.job(new Job("ada")))));

        BulkWriteResult result = store.revokeCreatedBy(NORTH, ADA, REVOCATION, ALL);

        assertThat(result.changed()).isEqualTo(2);
        assertThat(inStore(active)).isEqualTo(revoked(active, result));
        assertThat(inStore(expired)).isEqualTo(revoked(expired, result));
        assertThat(byDigest(active.digest())).contains(revoked(active, result));
        assertThat(inStore(southern)).isEqualTo(southern);
        assertThat(others).allSatisfy(other -> assertThat(inStore(other)).isEqualTo(other));
    }

    @Test
    void earlierRevocationsAreKept() {
        StoredKey first = inserted(NORTH);
        store.revoke(NORTH, first.key().id(), revocation(NOW, "before"));
        StoredKey second = inserted(NORTH);
        store.revokeAll(NORTH, revocation(NOW, "with all"));
        List<StoredKey> before = allOf(NORTH);
        StoredKey third = inserted(NORTH);

        assertThat(store.revokeCreatedBy(NORTH, ADA, REVOCATION, ALL).changed()).isEqualTo(1);

        assertThat(List.of(inStore(first), inStore(second))).isEqualTo(before);
        assertThat(inStore(third).key().revocation()).contains(REVOCATION);
    }

    @Test
    void revokesAtMostTheLimit() {
        inserted(NORTH, 5);

        assertThat(store.revokeCreatedBy(NORTH, ADA, REVOCATION, 2).changed()).isEqualTo(2);
        assertThat(allOf(NORTH))
                .filteredOn(key -> key.key().revocation().isPresent())
                .hasSize(2);
        assertThat(store.revokeCreatedBy(NORTH, ADA, REVOCATION, 2).changed()).isEqualTo(2);
        assertThat(store.revokeCreatedBy(NORTH, ADA, REVOCATION, 2).changed()).isEqualTo(1);
        assertThat(store.revokeCreatedBy(NORTH, ADA, REVOCATION, 2).changed()).isZero();
        assertThat(allOf(NORTH)).allMatch(key -> key.key().revocation().isPresent());
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
