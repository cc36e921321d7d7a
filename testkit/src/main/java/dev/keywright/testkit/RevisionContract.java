package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

abstract class RevisionContract extends ContractPart {

    RevisionContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void revisionRisesByOneWithEachWrite() {
        StoredKey key = samples.unsaved(samples.key(NORTH).owner(PAYROLL));
        StoredKey successor = samples.successorOf(key);
        long before = revisionNow();

        assertThat(List.of(
                        store.insert(key, ofTenant(1), NOW).revision(),
                        store.change(key.key(), NOW).revision(),
                        store.replace(
                                        StoredValues.keyBuilder(rotatedTo(successor, key))
                                                .version(2)
                                                .build(),
                                        successor,
                                        NOW)
                                .revision(),
                        store.suspend(NORTH, key.key().id(), SUSPENSION, NOW).revision(),
                        store.resume(NORTH, key.key().id(), NOW).revision(),
                        store.revoke(NORTH, key.key().id(), REVOCATION).revision(),
                        store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10).revision(),
                        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10).revision(),
                        store.revokeAll(NORTH, REVOCATION).revision(),
                        store.purge(NOW.plusSeconds(1), 1).revision(),
                        store.purgeTenant(NORTH, 10).revision(),
                        revisionNow()))
                .isEqualTo(revisions(before + 1, 12));
        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void revisionRisesEvenIfNothingChanged() {
        Digest request = samples.digest();
        StoredKey key = stored(samples.unsaved(NORTH).issuedFor(request));
        KeyId id = key.key().id();
        ApiKey stale = StoredValues.keyBuilder(key.key()).version(7).build();
        store.revoke(NORTH, id, REVOCATION);
        long before = revisionNow();

        assertThat(List.of(
                        store.insert(samples.unsaved(SOUTH), ofTenant(1), NOW).revision(),
                        store.insert(samples.unsaved(NORTH).issuedFor(request), ofTenant(1), NOW)
                                .revision(),
                        store.change(stale, NOW).revision(),
                        store.change(samples.key(NORTH).build(), NOW).revision(),
                        store.replace(stale, samples.unsaved(NORTH), NOW).revision(),
                        store.revoke(NORTH, id, REVOCATION).revision(),
                        store.revoke(SOUTH, id, REVOCATION).revision(),
                        store.suspend(NORTH, id, SUSPENSION, NOW).revision(),
                        store.suspend(SOUTH, id, SUSPENSION, NOW).revision(),
                        store.resume(NORTH, id, NOW).revision(),
                        store.resume(SOUTH, id, NOW).revision(),
                        store.revokeAll(NORTH, REVOCATION).revision(),
                        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10).revision(),
                        store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10).revision(),
                        store.purge(NOW.minusSeconds(1), 10).revision(),
                        store.purgeTenant(TenantId.of("west"), 10).revision()))
                .isEqualTo(revisions(before + 1, 16));
        assertThat(revisionNow()).isEqualTo(before + 17);
    }

    @Test
    void usageClaimsAndLookupsTakeNoRevision() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        long before = revisionNow();

        ifUsageIsKept(usage -> {
            usage.recordUsage(List.of(delta(key)));
            usage.claimExpiring(NOW, Duration.ofSeconds(1), 10);
        });
        store.forgetEvictions(before);
        byDigest(key.digest());
        find(NORTH, key.key().id());
        list(NORTH, null, NOW, null, 10);
        store.countByOrigin(NOW);
        store.originsInUse(NOW);

        assertThat(revisionNow()).isEqualTo(before + 1);
    }

    @Test
    void revisionNeverDecreasesAfterDuplicate() {
        StoredKey key = inserted(NORTH);
        long before = revisionNow();

        assertThatThrownBy(() -> stored(key)).isInstanceOf(DuplicateKeyException.class);

        assertThat(revisionNow()).isGreaterThan(before);
    }

    @Test
    void onlyChangedKeyGetsTheRevision() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);
        long revoked = store.revoke(NORTH, key.key().id(), REVOCATION).revision();
        store.revoke(NORTH, key.key().id(), REVOCATION);
        store.change(key.key(), NOW);

        assertThat(inStore(key).insertRevision()).isEqualTo(key.insertRevision());
        assertThat(inStore(key).changeRevision()).isEqualTo(revoked);
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void changesIncrementVersionAndUsageDoesNot() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        StoredKey successor = samples.successorOf(key);

        store.change(key.key(), NOW);
        assertThat(version(key)).isEqualTo(2);
        ifUsageIsKept(usage -> {
            usage.recordUsage(List.of(delta(key)));
            usage.claimExpiring(NOW, Duration.ofSeconds(1), 10);
        });
        assertThat(version(key)).isEqualTo(2);
        store.replace(
                StoredValues.keyBuilder(rotatedTo(successor, key)).version(2).build(), successor, NOW);
        assertThat(version(key)).isEqualTo(3);
        store.revoke(NORTH, key.key().id(), REVOCATION);
        assertThat(version(key)).isEqualTo(4);
        store.revokeAll(NORTH, REVOCATION);
        assertThat(version(key)).isEqualTo(4);
        assertThat(version(successor)).isEqualTo(2);
    }

    @Test
    void leaseIsZeroWithoutCaches() {
        StoredKey key = samples.unsaved(NORTH);
        StoredKey successor = samples.successorOf(key);

        List<WriteResult> one = List.of(
                store.insert(key, ofTenant(1), NOW),
                store.insert(samples.unsaved(NORTH), ofTenant(1), NOW),
                store.change(key.key(), NOW),
                store.replace(key.key(), successor, NOW),
                store.suspend(NORTH, key.key().id(), SUSPENSION, NOW),
                store.resume(NORTH, key.key().id(), NOW),
                store.revoke(NORTH, key.key().id(), REVOCATION));
        List<BulkWriteResult> many = List.of(
                store.revokeAll(NORTH, REVOCATION),
                store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10),
                store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10),
                store.purge(NOW, 10),
                store.purgeTenant(NORTH, 10));

        assertThat(one).extracting(WriteResult::lease).containsOnly(Duration.ZERO);
        assertThat(many).extracting(BulkWriteResult::lease).containsOnly(Duration.ZERO);
    }

    private static List<Long> revisions(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    private long version(StoredKey key) {
        return inStore(key).key().version();
    }
}
