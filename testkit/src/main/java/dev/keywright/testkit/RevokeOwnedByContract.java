package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyOwner;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class RevokeOwnedByContract extends ContractPart {

    private static final int ALL = KeyStore.MAX_KEYS_PER_WRITE;
    private static final KeyOwner BO = KeyOwner.person(UserId.of("bo"));

    RevokeOwnedByContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void onlyKeysOfTheOwnerAndTenantAreRevoked() {
        StoredKey active = owned(NORTH, BO);
        StoredKey expired = stored(samples.key(NORTH).owner(BO).expiresAt(NOW.minusSeconds(1)));
        List<StoredKey> others = List.of(
                owned(SOUTH, BO),
                inserted(NORTH),
                owned(NORTH, KeyOwner.person(UserId.of("Bo"))),
                owned(NORTH, KeyOwner.person(UserId.of("bo\u00A0"))),
                owned(NORTH, KeyOwner.service("bo")));

        BulkWriteResult result = store.revokeOwnedBy(NORTH, BO, REVOCATION, ALL);

        assertThat(result.changed()).isEqualTo(2);
        assertThat(inStore(active)).isEqualTo(revoked(active, result));
        assertThat(inStore(expired)).isEqualTo(revoked(expired, result));
        assertThat(byDigest(active.digest())).contains(revoked(active, result));
        assertThat(others).allSatisfy(other -> assertThat(inStore(other)).isEqualTo(other));
    }

    @Test
    void presentOwnerDecides() {
        StoredKey given = inserted(NORTH);
        store.change(StoredValues.keyBuilder(given.key()).owner(BO).build(), NOW);
        StoredKey taken = owned(NORTH, BO);
        store.change(StoredValues.keyBuilder(taken.key()).owner(null).build(), NOW);

        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, ALL).changed()).isEqualTo(1);

        assertThat(inStore(given).key().revocation()).contains(REVOCATION);
        assertThat(inStore(taken).key().revocation()).isEmpty();
    }

    @Test
    void earlierRevocationsAreKept() {
        StoredKey first = owned(NORTH, BO);
        store.revoke(NORTH, first.key().id(), revocation(NOW, "before"));
        StoredKey second = owned(NORTH, BO);
        store.revokeAll(NORTH, revocation(NOW, "with all"));
        List<StoredKey> before = allOf(NORTH);
        StoredKey third = owned(NORTH, BO);

        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, ALL).changed()).isEqualTo(1);

        assertThat(List.of(inStore(first), inStore(second))).isEqualTo(before);
        assertThat(inStore(third).key().revocation()).contains(REVOCATION);
    }

    @Test
    void revokesAtMostTheLimit() {
        for (int i = 0; i < 5; i++) {
            owned(NORTH, BO);
        }

        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, 2).changed()).isEqualTo(2);
        assertThat(allOf(NORTH))
                .filteredOn(key -> key.key().revocation().isPresent())
                .hasSize(2);
        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, 2).changed()).isEqualTo(2);
        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, 2).changed()).isEqualTo(1);
        assertThat(store.revokeOwnedBy(NORTH, BO, REVOCATION, 2).changed()).isZero();
        assertThat(allOf(NORTH)).allMatch(key -> key.key().revocation().isPresent());
    }

    private StoredKey owned(TenantId tenant, KeyOwner owner) {
        return stored(samples.key(tenant).owner(owner));
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
