package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.SampleKeys.suspension;
import static dev.keywright.testkit.Threads.inParallel;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

abstract class RevokeRaces extends ContractPart {

    private static final int ROUNDS = 20;
    private static final int RECORDS_BEFORE = 30;
    private static final int RECORDS = 100;

    RevokeRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void firstOfConcurrentRevocationsWins() throws Exception {
        StoredKey key = inserted(NORTH);

        List<WriteResult> results = inParallel(
                64, i -> store.revoke(NORTH, key.key().id(), revocation(NOW.plusMillis(64 - i), "by thread " + i)));

        expectFirstWins(key, results);
    }

    @Test
    void firstOfConcurrentSuspensionsWins() throws Exception {
        StoredKey key = inserted(NORTH);

        List<WriteResult> results = inParallel(
                16, i -> store.suspend(NORTH, key.key().id(), suspension(NOW.plusMillis(16 - i), "thread " + i), NOW));

        expectFirstWins(key, results);
    }

    private void expectFirstWins(StoredKey key, List<WriteResult> results) {
        WriteResult first = results.stream()
                .min(Comparator.comparing(WriteResult::revision))
                .orElseThrow();
        assertThat(results).filteredOn(WriteResult::changed).containsExactly(first);
        assertThat(inStore(key)).isEqualTo(first.key().orElseThrow());
        assertThat(inStore(key).key().version()).isEqualTo(2);
        assertThat(results).allSatisfy(w -> assertThat(w.key()).isEqualTo(first.key()));
    }

    @Test
    void concurrentUsageDoesNotUndoRevocation() throws Exception {
        UsageStore usage = usage();
        StoredKey key = inserted(NORTH);
        CountDownLatch recording = new CountDownLatch(RECORDS_BEFORE);
        Threads.Work record = () -> {
            for (int n = 0; n < RECORDS; n++) {
                usage.recordUsage(List.of(delta(key)));
                recording.countDown();
            }
        };

        long revision = race(
                () -> {
                    recording.await();
                    return store.revoke(NORTH, key.key().id(), REVOCATION).revision();
                },
                record,
                record,
                record);

        ApiKey expected = StoredValues.keyBuilder(key.key())
                .version(2)
                .revocation(REVOCATION)
                .usage(delta(key, NOW, 3 * RECORDS, "read:people").usage())
                .build();
        assertThat(inStore(key)).isEqualTo(key.changed(expected, revision));
    }

    @Test
    void revocationFollowsChangeOrPreventsIt() throws Exception {
        assertRevocationFollowsChangeOrPreventsIt(
                key -> store.revoke(NORTH, key.key().id(), REVOCATION).revision());
    }

    @Test
    void revokeAllFollowsChangeOrPreventsIt() throws Exception {
        assertRevocationFollowsChangeOrPreventsIt(
                key -> store.revokeAll(NORTH, REVOCATION).revision());
    }

    private void assertRevocationFollowsChangeOrPreventsIt(ToLongFunction<StoredKey> revoke) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            ApiKey.Builder change = StoredValues.keyBuilder(key.key())
                    .name(KeyName.of("Payroll"))
                    .scopes(Scopes.of("read:people"));

            AtomicLong revoked = new AtomicLong();
            WriteResult result =
                    race(() -> store.change(change.build(), NOW), () -> revoked.set(revoke.applyAsLong(key)));

            ApiKey.Builder before = result.changed()
                    ? change.version(3)
                    : StoredValues.keyBuilder(key.key()).version(2);
            StoredKey after = inStore(key);
            assertThat(after.key()).isEqualTo(before.revocation(REVOCATION).build());
            assertThat(result.changed()).isEqualTo(result.revision() < revoked.get());
        }
    }

    @Test
    void suspensionFollowsChangeOrPreventsIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            ApiKey changed = StoredValues.keyBuilder(key.key())
                    .name(KeyName.of("Payroll"))
                    .build();

            List<WriteResult> results = inParallel(
                    2,
                    i -> i == 0 ? store.suspend(NORTH, key.key().id(), SUSPENSION, NOW) : store.change(changed, NOW));

            WriteResult suspended = results.get(0);
            WriteResult change = results.get(1);
            assertThat(suspended.changed()).isTrue();
            assertThat(change.changed()).isEqualTo(change.revision() < suspended.revision());
            ApiKey after = StoredValues.keyBuilder(change.changed() ? changed : key.key())
                    .suspension(SUSPENSION)
                    .version(change.changed() ? 3 : 2)
                    .build();
            assertThat(inStore(key)).isEqualTo(key.changed(after, suspended.revision()));
        }
    }

    @Test
    void revocationFollowsSuspensionOrPreventsIt() throws Exception {
        assertRevocationFollowsSuspensionOrPreventsIt(
                key -> store.revoke(NORTH, key.key().id(), REVOCATION).revision());
    }

    @Test
    void revokeAllFollowsSuspensionOrPreventsIt() throws Exception {
        assertRevocationFollowsSuspensionOrPreventsIt(
                key -> store.revokeAll(NORTH, REVOCATION).revision());
    }

    private void assertRevocationFollowsSuspensionOrPreventsIt(ToLongFunction<StoredKey> revoke) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);

            AtomicLong revoked = new AtomicLong();
            WriteResult result = race(
                    () -> store.suspend(NORTH, key.key().id(), SUSPENSION, NOW),
                    () -> revoked.set(revoke.applyAsLong(key)));

            ApiKey after = StoredValues.keyBuilder(key.key())
                    .suspension(result.changed() ? SUSPENSION : null)
                    .revocation(REVOCATION)
                    .version(result.changed() ? 3 : 2)
                    .build();
            assertThat(inStore(key).key()).isEqualTo(after);
            assertThat(result.changed()).isEqualTo(result.revision() < revoked.get());
        }
    }

    @Test
    void revocationFollowsRotationOrPreventsIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            StoredKey successor = samples.successorOf(key);

            List<WriteResult> results = inParallel(
                    2,
                    i -> i == 0
                            ? store.revoke(NORTH, key.key().id(), REVOCATION)
                            : store.replace(rotatedTo(successor, key), successor, NOW));

            boolean rotated = results.get(1).changed();
            assertThat(rotated)
                    .isEqualTo(results.get(1).revision() < results.get(0).revision());
            assertThat(inStore(key)).isEqualTo(results.get(0).key().orElseThrow());
            assertThat(inStore(key).key().revocation()).contains(REVOCATION);
            assertThat(inStore(key).key().successor().isPresent()).isEqualTo(rotated);
            assertThat(byDigest(successor.digest()).isPresent()).isEqualTo(rotated);
        }
    }
}
