package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.Threads.inParallel;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class MaintenanceRaces extends ContractPart {

    private static final int THREADS = 8;
    private static final int ROUNDS = 20;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant SOON = NOW.plus(HOUR);

    MaintenanceRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void concurrentUsageAddsUp() throws Exception {
        UsageStore usage = usage();
        int batches = 10;
        List<StoredKey> keys = inserted(NORTH, 20);

        inParallel(THREADS, i -> {
            Random order = new Random(i);
            for (int n = 0; n < batches; n++) {
                Instant at = NOW.plusMillis((long) i * batches + n);
                List<UsageDelta> deltas = new ArrayList<>();
                keys.forEach(key -> deltas.add(delta(key, at, 3, "scope-" + i)));
                // A store that locks keys in the order of the list would deadlock.
                Collections.shuffle(deltas, order);
                usage.recordUsage(deltas);
            }
            return i;
        });

        Set<Scope> scopes = IntStream.range(0, THREADS)
                .mapToObj(i -> Scope.of("scope-" + i))
                .collect(Collectors.toSet());
        Instant last = NOW.plusMillis((long) THREADS * batches - 1);
        KeyUsage all = new KeyUsage(last, 3L * THREADS * batches, scopes);
        assertThat(keys).allSatisfy(key -> assertThat(usageOf(key)).contains(all));
    }

    @Test
    void concurrentFirstUsageAddsUp() throws Exception {
        UsageStore usage = usage();
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);

            inParallel(THREADS, i -> {
                usage.recordUsage(List.of(delta(key)));
                return i;
            });

            assertThat(usageOf(key))
                    .contains(delta(key, NOW, THREADS, "read:people").usage());
        }
    }

    @Test
    void expiringKeyIsClaimedByOneThread() throws Exception {
        UsageStore usage = usage();
        List<StoredKey> keys = expiringKeys();

        List<List<StoredKey>> claimed = inParallel(THREADS, i -> claimAll(usage, HOUR));

        assertThat(claimed.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void expiringKeyIsClaimedByOneThreadForEachWarning() throws Exception {
        UsageStore usage = usage();
        List<StoredKey> keys = expiringKeys();

        List<List<StoredKey>> claimed = inParallel(THREADS, i -> claimAll(usage, i % 2 == 0 ? HOUR : DAY));

        List<StoredKey> shorter = new ArrayList<>();
        List<StoredKey> longer = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            (i % 2 == 0 ? shorter : longer).addAll(claimed.get(i));
        }
        assertThat(shorter).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(longer).doesNotHaveDuplicates().isSubsetOf(keys);
        assertThat(claimAll(usage, DAY)).isEmpty();
    }

    private List<StoredKey> expiringKeys() {
        return Stream.generate(() -> stored(samples.key(NORTH).expiresAt(SOON)))
                .limit(60)
                .toList();
    }

    /** Claims keys in small batches, until none is left. */
    private static List<StoredKey> claimAll(UsageStore usage, Duration warning) {
        List<StoredKey> all = new ArrayList<>();
        List<StoredKey> next;
        do {
            next = usage.claimExpiring(NOW, warning, 7);
            all.addAll(next);
        } while (!next.isEmpty());
        return all;
    }

    @Test
    void purgedKeyLeavesNoUsage() throws Exception {
        UsageStore usage = usage();
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = stored(samples.key(NORTH).expiresAt(NOW));

            race(
                    () -> store.purge(NOW.plusMillis(1), 10),
                    () -> usage.recordUsage(List.of(delta(key))),
                    () -> usage.recordUsage(List.of(delta(key))));

            stored(key);
            assertThat(usageOf(key)).isEmpty();
        }
    }

    @Test
    void concurrentPurgesCountEachKeyOnce() throws Exception {
        int expired = 60;
        for (int i = 0; i < expired; i++) {
            stored(samples.key(NORTH).expiresAt(NOW));
        }

        List<Long> purged = inParallel(THREADS, i -> {
            long mine = 0;
            long more;
            do {
                more = store.purge(SOON, 7).changed();
                mine += more;
            } while (more > 0);
            return mine;
        });

        assertThat(purged.stream().mapToLong(Long::longValue).sum()).isEqualTo(expired);
        assertThat(allOf(NORTH)).isEmpty();
    }
}
