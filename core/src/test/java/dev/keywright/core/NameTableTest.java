package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.TextNames.Name;
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

class NameTableTest {

    private final NameTable table = new NameTable(60);

    /** Where names hardly differ in where they begin, entries make way for each other all the time, past the end of the table too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1 << 30})
    void itHoldsWhatAMapWouldHold(int homes) {
        Map<Name, Entry> expected = new HashMap<>();
        Random random = new Random(homes);
        for (int step = 0; step < 20_000; step++) {
            Name name = new Name(-random.nextInt(homes), random.nextInt(60));
            Entry there = expected.get(name);
            if (there == null) {
                Entry entry = entry(name);
                table.add(entry);
                expected.put(name, entry);
            } else {
                table.remove(there);
                expected.remove(name);
            }
            Name other = new Name(-random.nextInt(homes), random.nextInt(60));
            assertThat(table.get(name)).isSameAs(expected.get(name));
            assertThat(table.get(other)).isSameAs(expected.get(other));
        }
        assertThat(expected)
                .isNotEmpty()
                .allSatisfy((name, entry) -> assertThat(table.get(name)).isSameAs(entry));
    }

    @Test
    void allHaveTheirTurnBeforeOneHasAnother() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Name(i * 31L, i))));

        Set<Entry> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(seen.add(table.any())).isTrue();
        }
    }

    /** What grows at once stays small, however many entries there are: else the lease runs out meanwhile. */
    @Test
    void noShardIsLarge() {
        int entries = 300_000;
        NameTable large = new NameTable(entries);
        Random random = new Random(1);
        List<Name> names = Stream.generate(() -> new Name(random.nextLong(), random.nextLong()))
                .limit(entries)
                .toList();

        names.forEach(name -> large.add(entry(name)));

        assertThat(names).allSatisfy(name -> assertThat(large.get(name)).isNotNull());
        assertThat(names).allSatisfy(name -> assertThat(large.shard(name.low())).hasSizeLessThanOrEqualTo(16_384));
        assertThat(large.size()).isEqualTo(entries);
    }

    @Test
    void tableOfTenMillionHasSmallShardsToo() {
        assertThat(EntryTable.shards(10_000_000)).isEqualTo(4096);
        assertThat(EntryTable.shards(1)).isEqualTo(1);
        assertThat(EntryTable.shards(4096)).isEqualTo(1);
        assertThat(EntryTable.shards(4097)).isEqualTo(2);
    }

    @Test
    void whatWasClearedIsNotFound() {
        IntStream.range(0, 100).forEach(i -> table.add(entry(new Name(i, i))));

        table.clear();

        assertThat(IntStream.range(0, 100).mapToObj(i -> table.get(new Name(i, i))))
                .containsOnlyNulls();
        table.add(entry(new Name(7, 7)));
        assertThat(table.get(new Name(7, 7))).isNotNull();
    }

    private static Entry entry(Name name) {
        return new Entry(name, null, 1);
    }
}
