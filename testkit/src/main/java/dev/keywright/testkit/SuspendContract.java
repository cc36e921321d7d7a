package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.WIDEST;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.management.Job;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class SuspendContract extends ContractPart {

    SuspendContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void suspensionChangesOnlyTheKey() {
        StoredKey key = stored(samples.describedKey(NORTH).expiresAt(NOW.plusSeconds(1)));
        StoredKey other = inserted(NORTH);

        WriteResult result = suspend(key);

        expectChanged(key, result, SUSPENSION);
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void resumeRemovesTheSuspension() {
        StoredKey key = inserted(NORTH);
        StoredKey suspended = suspended(key);
        StoredKey other = suspended(inserted(NORTH));

        WriteResult result = resume(key);

        expectChanged(suspended, result, null);
        assertThat(inStore(other)).isEqualTo(other);
    }

    private void expectChanged(StoredKey before, WriteResult result, @Nullable Suspension suspension) {
        ApiKey after = StoredValues.keyBuilder(before.key())
                .suspension(suspension)
                .version(before.key().version() + 1)
                .build();
        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(before.changed(after, result.revision()));
        assertThat(byDigest(before.digest())).isEqualTo(result.key());
        assertThat(inStore(before)).isEqualTo(result.key().orElseThrow());
    }

    @Test
    void firstSuspensionIsKept() {
        StoredKey key = inserted(NORTH);
        WriteResult first = suspend(key);

        WriteResult second = store.suspend(NORTH, id(key), suspension(NOW.minusSeconds(60), "again"), NOW);

        expectUnchanged(first.key().orElseThrow(), second);
        assertThat(second.revision()).isGreaterThan(first.revision());
    }

    @Test
    void resumedKeyCanBeSuspendedAgain() {
        StoredKey key = inserted(NORTH);
        suspend(key);
        resume(key);

        Suspension again = suspension(NOW.plusSeconds(60), "again");
        assertThat(store.suspend(NORTH, id(key), again, NOW).changed()).isTrue();

        assertThat(inStore(key).key().suspension()).contains(again);
    }

    @Test
    void keyWithoutSuspensionIsNotResumed() {
        StoredKey key = inserted(NORTH);

        expectUnchanged(key, resume(key));
    }

    @Test
    void revokedKeyIsNeitherSuspendedNorResumed() {
        StoredKey plain = inserted(NORTH);
        StoredKey suspended = suspended(inserted(NORTH));
        List.of(plain, suspended).forEach(key -> store.revoke(NORTH, id(key), REVOCATION));

        expectNoEffect(inStore(plain));
        expectNoEffect(inStore(suspended));
    }

    @Test
    void keyRevokedWithItsTenantIsNeitherSuspendedNorResumed() {
        StoredKey plain = inserted(NORTH);
        StoredKey suspended = suspended(inserted(NORTH));
        store.revokeAll(NORTH, REVOCATION);

        expectNoEffect(inStore(plain));
        expectNoEffect(inStore(suspended));
    }

    @Test
    void keyIsSuspendableAndResumableUntilItsExpiry() {
        StoredKey plain = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey suspended = stored(samples.key(NORTH).expiresAt(NOW).suspension(SUSPENSION));

        expectNoEffect(plain);
        expectNoEffect(suspended);

        assertThat(store.suspend(NORTH, id(plain), SUSPENSION, NOW.minusMillis(1))
                        .changed())
                .isTrue();
        assertThat(store.resume(NORTH, id(suspended), NOW.minusMillis(1)).changed())
                .isTrue();
    }

    /** Expects that a key in this state is neither suspended nor resumed. */
    private void expectNoEffect(StoredKey row) {
        expectUnchanged(row, store.suspend(NORTH, id(row), suspension(NOW, "again"), NOW));
        expectUnchanged(row, resume(row));
    }

    private void expectUnchanged(StoredKey row, WriteResult result) {
        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(row);
        assertThat(inStore(row)).isEqualTo(row);
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        StoredKey plain = inserted(NORTH);
        StoredKey suspended = suspended(inserted(NORTH));

        expectNotFound(SOUTH, id(plain));
        expectNotFound(SOUTH, id(suspended));

        assertThat(allOf(NORTH)).containsExactly(plain, suspended);
    }

    @Test
    void unknownKeyIsNotFound() {
        expectNotFound(NORTH, KeyId.of("nothing"));
    }

    private void expectNotFound(TenantId tenant, KeyId id) {
        assertThat(List.of(store.suspend(tenant, id, SUSPENSION, NOW), store.resume(tenant, id, NOW)))
                .allSatisfy(result -> {
                    assertThat(result.changed()).isFalse();
                    assertThat(result.key()).isEmpty();
                });
    }

    @Test
    void everyPartOfTheSuspensionIsStored() {
        List<Suspension> suspensions = List.of(
                new Suspension(
                        Instant.parse("1969-12-31T23:59:59.999Z"),
                        Actor.job(new Job(WIDEST.repeat(128))),
                        WIDEST.repeat(200)),
                new Suspension(NOW, StoredValues.holder(), ""),
                suspension(NOW, SampleKeys.HOSTILE_TEXT));

        assertThat(suspensions).allSatisfy(suspension -> {
            StoredKey key = inserted(NORTH);
            WriteResult result = store.suspend(NORTH, id(key), suspension, NOW);

            expectChanged(key, result, suspension);
        });
    }

    @Test
    void suspendedKeyIsActive() {
        StoredKey key = suspended(stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1))));

        assertThat(list(NORTH, ApiKey.State.ACTIVE, NOW, null, 10)).containsExactly(key);
        assertThat(store.countByOrigin(NOW)).containsEntry(key.origin(), 1L).hasSize(1);
        assertThat(store.originsInUse(NOW)).containsExactly(key.origin());
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isFalse();
    }

    @Test
    void suspendedKeyExpires() {
        StoredKey key = suspended(stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1))));

        Instant expiry = NOW.plusMillis(1);
        assertThat(list(NORTH, ApiKey.State.EXPIRED, expiry, null, 10)).containsExactly(key);
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), expiry).changed())
                .isTrue();
        assertThat(store.purge(expiry, 10).changed()).isZero();
        assertThat(store.purge(expiry.plusMillis(1), 10).changed()).isEqualTo(1);
        assertThat(byDigest(key.digest())).isEmpty();
    }

    @Test
    void changeKeepsTheSuspension() {
        StoredKey key = suspended(inserted(NORTH));
        ApiKey renamed =
                StoredValues.keyBuilder(key.key()).name(KeyName.of("Payroll")).build();

        WriteResult result =
                store.change(StoredValues.keyBuilder(renamed).suspension(null).build(), NOW);

        ApiKey after = StoredValues.keyBuilder(renamed).version(3).build();
        assertThat(result.key()).contains(key.changed(after, result.revision()));
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
    }

    @Test
    void changeDoesNotSuspend() {
        StoredKey key = inserted(NORTH);

        store.change(StoredValues.keyBuilder(key.key()).suspension(SUSPENSION).build(), NOW);

        assertThat(inStore(key).key().suspension()).isEmpty();
    }

    @Test
    void revocationKeepsTheSuspension() {
        expectRevokedAndSuspended(key -> store.revoke(NORTH, id(key), REVOCATION));
        expectRevokedAndSuspended(key -> store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10));
        expectRevokedAndSuspended(key -> store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10));
        expectRevokedAndSuspended(key -> store.revokeAll(NORTH, REVOCATION));
    }

    private void expectRevokedAndSuspended(Consumer<StoredKey> revoke) {
        StoredKey key = suspended(stored(samples.key(NORTH).owner(PAYROLL)));

        revoke.accept(key);

        ApiKey after = StoredValues.keyBuilder(key.key())
                .revocation(REVOCATION)
                .version(3)
                .build();
        assertThat(inStore(key).key()).isEqualTo(after);
        assertThat(byDigest(key.digest()).orElseThrow().key()).isEqualTo(after);
    }

    @Test
    void usageIsKept() {
        StoredKey key = inserted(NORTH);
        usage().recordUsage(List.of(delta(key)));

        WriteResult suspended = suspend(key);
        assertThat(usageOf(key)).contains(delta(key).usage());
        assertThat(suspended.key()).contains(inStore(key));

        WriteResult resumed = resume(key);
        assertThat(usageOf(key)).contains(delta(key).usage());
        assertThat(resumed.key()).contains(inStore(key));
    }

    private WriteResult suspend(StoredKey key) {
        return store.suspend(NORTH, id(key), SUSPENSION, NOW);
    }

    private StoredKey suspended(StoredKey key) {
        return suspend(key).key().orElseThrow();
    }

    private WriteResult resume(StoredKey key) {
        return store.resume(NORTH, id(key), NOW);
    }

    private static KeyId id(StoredKey key) {
        return key.key().id();
    }
}
