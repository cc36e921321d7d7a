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

    /** Where names hardly differ in where they begin, entries make way for each other all the time, past the end of the table too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1 << 30})
    void itHoldsWhatAMapWouldHold(int homes) {
        Map<Fingerprint, CachedResult> expected = new HashMap<>();
        Random random = new Random(homes);
        for (int step = 0; step < 20_000; step++) {
            Fingerprint name = new Fingerprint(-random.nextInt(homes), random.nextInt(60));
            CachedResult there = expected.get(name);
            if (there == null) {
                CachedResult entry = entry(name);
                table.add(entry);
                expected.put(name, entry);
            } else {
                table.remove(there);
                expected.remove(name);
            }
            Fingerprint other = new Fingerprint(-random.nextInt(homes), random.nextInt(60));
            assertThat(table.get(name)).isSameAs(expected.get(name));
            assertThat(table.get(other)).isSameAs(expected.get(other));
        }
        assertThat(expected)
                .isNotEmpty()
                .allSatisfy((name, entry) -> assertThat(table.get(name)).isSameAs(entry));
    }

    @Test
    void allHaveTheirTurnBeforeOneHasAnother() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Fingerprint(i * 31L, i))));

        Set<CachedResult> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(seen.add(table.next())).isTrue();
        }
    }

    /** What grows at once stays small, however many entries there are: else the lease runs out meanwhile. */
    @Test
    void noShardIsLarge() {
        int entries = 300_000;
        FingerprintTable large = new FingerprintTable(entries);
        Random random = new Random(1);
        List<Fingerprint> names = Stream.generate(() -> new Fingerprint(random.nextLong(), random.nextLong()))
                .limit(entries)
                .toList();

        names.forEach(name -> large.add(entry(name)));

        assertThat(names).allSatisfy(name -> assertThat(large.get(name)).isNotNull());
        assertThat(names).allSatisfy(name -> assertThat(large.shard(name.low())).hasSizeLessThanOrEqualTo(16_384));
        assertThat(large.size()).isEqualTo(entries);
    }

    @Test
    void tableOfTenMillionHasSmallShardsToo() {
        assertThat(ShardedTable.shardCount(10_000_000)).isEqualTo(4096);
        assertThat(ShardedTable.shardCount(1)).isEqualTo(1);
        assertThat(ShardedTable.shardCount(4096)).isEqualTo(1);
        assertThat(ShardedTable.shardCount(4097)).isEqualTo(2);
    }

    @Test
    void whatWasClearedIsNotFound() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Fingerprint(i, i))));

        table.clear();

        assertThat(IntStream.range(0, 100).mapToObj(i -> table.get(new Fingerprint(i, i))))
                .containsOnlyNulls();
        table.add(entry(new Fingerprint(7, 7)));
        assertThat(table.get(new Fingerprint(7, 7))).isNotNull();
    }

    private static CachedResult entry(Fingerprint name) {
        return new CachedResult(name, new LookupResult(null, 1));
    }
}
