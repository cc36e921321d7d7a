package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Suspension;
import dev.keywright.management.Job;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class SuspendContract extends ContractPart {

    SuspendContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void suspensionChangesOnlyTheKey() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);

        WriteResult result = suspend(key);

        ApiKey suspended = StoredValues.keyBuilder(key.key())
                .suspension(SUSPENSION)
                .version(2)
                .build();
        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.changed(suspended, result.revision()));
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void resumptionRemovesTheSuspension() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);
        suspend(key);
        StoredKey stillSuspended = suspend(other).key().orElseThrow();

        WriteResult result = resume(key);

        ApiKey resumed = StoredValues.keyBuilder(key.key()).version(3).build();
        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.changed(resumed, result.revision()));
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(inStore(other)).isEqualTo(stillSuspended);
    }

    @Test
    void suspensionOfMaximumLengthIsStored() {
        String widest = "\uD83D\uDD11";
        StoredKey longest = inserted(NORTH);
        StoredKey shortest = inserted(NORTH);
        Suspension suspension = new Suspension(NOW, Actor.job(new Job(widest.repeat(128))), widest.repeat(200));
        Suspension withoutReason = new Suspension(NOW, StoredValues.holder(), "");

        store.suspend(NORTH, longest.key().id(), suspension, NOW);
        store.suspend(NORTH, shortest.key().id(), withoutReason, NOW);

        assertThat(inStore(longest).key().suspension()).contains(suspension);
        assertThat(inStore(shortest).key().suspension()).contains(withoutReason);
    }

    @Test
    void firstSuspensionIsKept() {
        StoredKey key = inserted(NORTH);
        WriteResult first = suspend(key);

        WriteResult second = store.suspend(
                NORTH, key.key().id(), new Suspension(NOW.plusSeconds(1), StoredValues.holder(), "again"), NOW);

        assertThat(second.changed()).isFalse();
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(inStore(key)).isEqualTo(first.key().orElseThrow());
    }

    @Test
    void keyThatIsNotSuspendedIsNotResumed() {
        StoredKey key = inserted(NORTH);

        WriteResult result = resume(key);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(key);
        assertThat(result.revision()).isGreaterThan(key.changeRevision());
        assertThat(inStore(key)).isEqualTo(key);
    }

    @Test
    void inactiveKeyIsNeitherSuspendedNorResumed() {
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey suspended = inserted(NORTH);
        suspend(suspended);
        store.revoke(NORTH, suspended.key().id(), REVOCATION);
        StoredKey lapsed = stored(samples.key(NORTH).expiresAt(NOW).suspension(SUSPENSION));
        List<StoredKey> before = allOf(NORTH);

        assertThat(Stream.of(revoked, expired).map(this::suspend)).noneMatch(WriteResult::changed);
        assertThat(Stream.of(suspended, lapsed).map(this::resume)).noneMatch(WriteResult::changed);

        assertThat(allOf(NORTH)).isEqualTo(before);
        assertThat(store.suspend(NORTH, expired.key().id(), SUSPENSION, NOW.minusMillis(1))
                        .changed())
                .isTrue();
        assertThat(store.resume(NORTH, lapsed.key().id(), NOW.minusMillis(1)).changed())
                .isTrue();
    }

    @Test
    void keyRevokedWithItsTenantIsNeitherSuspendedNorResumed() {
        StoredKey key = inserted(NORTH);
        StoredKey suspended = inserted(NORTH);
        suspend(suspended);
        store.revokeAll(NORTH, REVOCATION);
        List<StoredKey> before = allOf(NORTH);

        assertThat(suspend(key).changed()).isFalse();
        assertThat(resume(suspended).changed()).isFalse();

        assertThat(allOf(NORTH)).isEqualTo(before);
        assertThat(inStore(suspended).key().suspension()).contains(SUSPENSION);
        assertThat(inStore(suspended).key().revocation()).contains(REVOCATION);
    }

    @Test
    void suspendedKeyStaysActive() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        suspend(key);
        StoredKey suspended = inStore(key);

        assertThat(list(NORTH, ApiKey.State.ACTIVE, NOW, null, 10)).containsExactly(suspended);
        assertThat(store.countByOrigin(NOW)).containsValue(1L).hasSize(1);
        assertThat(store.originsInUse(NOW)).hasSize(1);
        assertThat(store.insert(samples.unsaved(NORTH), 1, NOW).changed()).isFalse();
        ifUsageIsKept(usage ->
                assertThat(usage.claimExpiring(NOW, Duration.ofSeconds(1), 10)).containsExactly(suspended));
        assertThat(store.purge(NOW.plusMillis(1), 10).changed()).isZero();
    }

    @Test
    void changeKeepsTheSuspension() {
        StoredKey key = inserted(NORTH);
        suspend(key);
        ApiKey renamed = StoredValues.keyBuilder(inStore(key).key())
                .name(KeyName.of("Payroll"))
                .suspension(null)
                .build();

        assertThat(store.change(renamed, NOW).changed()).isTrue();

        assertThat(inStore(key).key().name().value()).isEqualTo("Payroll");
        assertThat(inStore(key).key().suspension()).contains(SUSPENSION);
    }

    @Test
    void revocationKeepsTheSuspension() {
        StoredKey key = inserted(NORTH);
        suspend(key);

        assertThat(store.revoke(NORTH, key.key().id(), REVOCATION).changed()).isTrue();

        assertThat(inStore(key).key().suspension()).contains(SUSPENSION);
        assertThat(inStore(key).key().revocation()).contains(REVOCATION);
    }

    @Test
    void suspensionAndResumptionAreInTheChangeFeed() {
        StoredKey suspended = inserted(NORTH);
        StoredKey resumed = inserted(NORTH);
        suspend(resumed);
        long applied = revisionNow();

        try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(40))) {
            suspend(suspended);
            assertThat(feed.poll(applied, 10).keys())
                    .containsExactly(suspended.key().id());
            WriteResult result = resume(resumed);
            assertThat(feed.poll(result.revision() - 1, 10).keys())
                    .containsExactly(resumed.key().id());
            assertThat(result.lease()).isEqualTo(Duration.ofMillis(40));
            assertThat(suspend(suspended).lease()).isEqualTo(Duration.ofMillis(40));
        }
    }

    @Test
    void usageIsKept() {
        StoredKey key = inserted(NORTH);
        usage().recordUsage(List.of(delta(key)));

        WriteResult suspended = suspend(key);
        assertThat(suspended.key()).contains(inStore(key));
        WriteResult resumed = resume(key);

        assertThat(usageOf(key)).contains(delta(key).usage());
        assertThat(resumed.key()).contains(inStore(key));
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        StoredKey key = inserted(NORTH);
        StoredKey suspended = inserted(NORTH);
        StoredKey before = suspend(suspended).key().orElseThrow();

        List<WriteResult> results = List.of(
                store.suspend(SOUTH, key.key().id(), SUSPENSION, NOW),
                store.resume(SOUTH, suspended.key().id(), NOW));

        assertThat(results)
                .noneMatch(WriteResult::changed)
                .allMatch(result -> result.key().isEmpty());
        assertThat(inStore(key)).isEqualTo(key);
        assertThat(inStore(suspended)).isEqualTo(before);
    }

    @Test
    void unknownKeyIsNotFound() {
        List<WriteResult> results = List.of(
                store.suspend(NORTH, KeyId.of("nothing"), SUSPENSION, NOW),
                store.resume(NORTH, KeyId.of("nothing"), NOW));

        assertThat(results)
                .noneMatch(WriteResult::changed)
                .allMatch(result -> result.key().isEmpty());
    }

    private WriteResult suspend(StoredKey key) {
        return store.suspend(key.key().tenant(), key.key().id(), SUSPENSION, NOW);
    }

    private WriteResult resume(StoredKey key) {
        return store.resume(key.key().tenant(), key.key().id(), NOW);
    }
}
