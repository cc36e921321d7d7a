package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.LookupResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTableTest {

    private final FingerprintTable table = new FingerprintTable(60);

    /** With few home slots, entries displace each other all the time, also across the end of the table. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1 << 30})
    void tableHoldsTheEntriesOfAMap(int homes) {
        Map<Fingerprint, CachedResult> expected = new HashMap<>();
        Random random = new Random(homes);
        for (int step = 0; step < 20_000; step++) {
            Fingerprint fingerprint = new Fingerprint(-random.nextInt(homes), random.nextInt(60));
            CachedResult there = expected.get(fingerprint);
            if (there == null) {
                CachedResult entry = entry(fingerprint);
                table.add(entry);
                expected.put(fingerprint, entry);
            } else {
                table.remove(there);
                expected.remove(fingerprint);
            }
            Fingerprint other = new Fingerprint(-random.nextInt(homes), random.nextInt(60));
            assertThat(table.get(fingerprint)).isSameAs(expected.get(fingerprint));
            assertThat(table.get(other)).isSameAs(expected.get(other));
        }
        assertThat(expected)
                .isNotEmpty()
                .allSatisfy((fingerprint, entry) ->
                        assertThat(table.get(fingerprint)).isSameAs(entry));
    }

    @Test
    void nextCyclesThroughAllEntries() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Fingerprint(i * 31L, i))));

        Set<CachedResult> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(seen.add(table.next())).isTrue();
        }
    }

    /** A shard grows in one step, during which the lease must not expire. */
    @Test
    void noShardIsLarge() {
        int entries = 300_000;
        FingerprintTable large = new FingerprintTable(entries);
        Random random = new Random(1);
        List<Fingerprint> fingerprints = Stream.generate(() -> new Fingerprint(random.nextLong(), random.nextLong()))
                .limit(entries)
                .toList();

        fingerprints.forEach(fingerprint -> large.add(entry(fingerprint)));

        assertThat(fingerprints)
                .allSatisfy(fingerprint -> assertThat(large.get(fingerprint)).isNotNull());
        assertThat(fingerprints)
                .allSatisfy(fingerprint ->
                        assertThat(large.shard(fingerprint.low())).hasSizeLessThanOrEqualTo(16_384));
        assertThat(large.size()).isEqualTo(entries);
    }

    @Test
    void shardCountGrowsWithTheTable() {
        assertThat(ShardedTable.shardCount(10_000_000)).isEqualTo(4096);
        assertThat(ShardedTable.shardCount(1)).isEqualTo(1);
        assertThat(ShardedTable.shardCount(4096)).isEqualTo(1);
        assertThat(ShardedTable.shardCount(4097)).isEqualTo(2);
    }

    @Test
    void clearedEntriesAreNotFound() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Fingerprint(i, i))));

        table.clear();

        assertThat(IntStream.range(0, 100).mapToObj(i -> table.get(new Fingerprint(i, i))))
                .containsOnlyNulls();
        table.add(entry(new Fingerprint(7, 7)));
        assertThat(table.get(new Fingerprint(7, 7))).isNotNull();
    }

    private static CachedResult entry(Fingerprint fingerprint) {
        return new CachedResult(fingerprint, new LookupResult(null, 1));
    }
}
