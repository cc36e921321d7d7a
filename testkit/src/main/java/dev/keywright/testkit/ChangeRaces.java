package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.Threads.inParallel;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class ChangeRaces extends ContractPart {

    private static final int THREADS = 16;
    private static final int ROUNDS = 20;

    ChangeRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void firstChangeOfAVersionWins() throws Exception {
        StoredKey key = inserted(NORTH);

        List<WriteResult> results = inParallel(THREADS, i -> store.change(renamed(key, i), NOW));

        WriteResult winner = onlyChange(results);
        assertThat(inStore(key)).isEqualTo(winner.key().orElseThrow());
        assertThat(inStore(key).key().version()).isEqualTo(2);
        assertThat(results).allSatisfy(w -> assertThat(w.key()).isEqualTo(winner.key()));
    }

    @Test
    void keyGetsOneSuccessor() throws Exception {
        StoredKey key = inserted(NORTH);
        List<StoredKey> successors = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            successors.add(samples.successorOf(key));
        }

        List<WriteResult> results =
                inParallel(THREADS, i -> store.replace(rotatedTo(successors.get(i), key), successors.get(i), NOW));

        StoredKey successor = successors.get(results.indexOf(onlyChange(results)));
        assertThat(inStore(key).key().successor()).contains(successor.key().id());
        assertThat(allOf(NORTH)).containsExactly(inStore(key), inStore(successor));
    }

    @Test
    void changeOrRotationOfOneVersionWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            StoredKey successor = samples.successorOf(key);

            List<WriteResult> results = inParallel(
                    2,
                    i -> i == 0
                            ? store.change(renamed(key, 0), NOW)
                            : store.replace(rotatedTo(successor, key), successor, NOW));

            WriteResult winner = onlyChange(results);
            boolean rotated = results.get(1).equals(winner);
            assertThat(inStore(key)).isEqualTo(winner.key().orElseThrow());
            assertThat(inStore(key).key().successor().isPresent()).isEqualTo(rotated);
            assertThat(byDigest(successor.digest()).isPresent()).isEqualTo(rotated);
        }
    }

    /** Returns the only result that changed the key, which has the lowest revision. */
    private static WriteResult onlyChange(List<WriteResult> results) {
        WriteResult first = results.stream()
                .min(Comparator.comparing(WriteResult::revision))
                .orElseThrow();
        assertThat(results).filteredOn(WriteResult::changed).containsExactly(first);
        return first;
    }

    @Test
    void retriedChangesAreNotLost() throws Exception {
        int threads = 8;
        int changes = 10;
        StoredKey key = inserted(NORTH);

        inParallel(threads, i -> {
            for (int n = 0; n < changes; n++) {
                Scope more = Scope.of("scope-" + i + "-" + n);
                while (!store.change(with(more, inStore(key).key()), NOW).changed()) {
                    Thread.onSpinWait();
                }
            }
            return i;
        });

        ApiKey after = inStore(key).key();
        assertThat(after.version()).isEqualTo(1 + threads * changes);
        assertThat(after.scopes()).hasSize(2 + threads * changes);
    }

    @Test
    void concurrentChangesAndUsageAreBothKept() throws Exception {
        UsageStore usage = usage();
        int changes = 20;
        StoredKey key = inserted(NORTH);

        StoredKey last = race(
                () -> {
                    StoredKey now = key;
                    for (int n = 0; n < changes; n++) {
                        now = store.change(renamed(now, n), NOW).key().orElseThrow();
                    }
                    return now;
                },
                () -> record(usage, key, changes),
                () -> record(usage, key, changes));

        ApiKey changed = StoredValues.keyBuilder(renamed(key, changes - 1))
                .version(1 + changes)
                .usage(delta(key, NOW, 2L * changes, "read:people").usage())
                .build();
        assertThat(inStore(key)).isEqualTo(key.changed(changed, last.changeRevision()));
    }

    private static void record(UsageStore usage, StoredKey key, int times) {
        for (int n = 0; n < times; n++) {
            usage.recordUsage(List.of(delta(key)));
        }
    }

    private static ApiKey renamed(StoredKey key, int number) {
        return StoredValues.keyBuilder(key.key())
                .name(KeyName.of("Name " + number))
                .build();
    }

    private static ApiKey with(Scope more, ApiKey key) {
        List<Scope> scopes = new ArrayList<>(key.scopes().asList());
        scopes.add(more);
        return StoredValues.keyBuilder(key).scopes(Scopes.of(scopes)).build();
    }
}
