package dev.keywright.benchmarks.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keywright.ApiKeys;
import dev.keywright.Verified;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistrictsTest {

    private final Districts districts = new Districts(20, 5000);

    @Test
    void theLargestDistrictHasTwiceAsManyKeysAsTheSecondAndNoneHasNone() {
        int[] sizes = new int[20];
        IntStream.range(0, districts.keys()).forEach(key -> sizes[districts.districtOf(key)]++);

        assertThat(districts.keys()).isEqualTo(5000);
        assertThat(sizes[0]).isEqualTo(districts.largest()).isBetween(2 * sizes[1] - 30, 2 * sizes[1] + 30);
        assertThat(IntStream.of(new Districts(20, 20).keys(), new Districts(20, 20).largest()))
                .containsExactly(20, 1);
    }

    @Test
    void theFirstKeyOfTheFirstDistrictIsUsedMost() {
        int[] uses = new int[districts.keys()];
        SplittableRandom random = new SplittableRandom(1);
        IntStream.range(0, 100_000).forEach(draw -> uses[districts.draw(random)]++);

        int most = IntStream.of(uses).max().orElseThrow();
        assertThat(uses[0]).isEqualTo(most);
        assertThat(uses[1]).isBetween(most * 4 / 10, most * 6 / 10);
        assertThat(IntStream.range(0, uses.length).filter(key -> uses[key] > 0).map(districts::districtOf))
                .contains(19);
    }

    @Test
    void allKeysAreInTheStoreAndWork() {
        InMemoryKeyStore store = new InMemoryKeyStore();
        String[] texts = new String[districts.keys()];
        Instant now = Instant.now();

        districts.fill(store, now, Duration.ofDays(1), (number, issued) -> {
            assertThat(issued.key().tenant()).isEqualTo(Districts.tenant(districts.districtOf(number)));
            texts[number] = issued.secret().reveal();
        });

        try (ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(Districts.OFFERED)
                .pepper(Districts.PEPPER)
                .build()) {
            assertThat(texts).doesNotHaveDuplicates().allMatch(text -> keys.verify(text) instanceof Verified);
        }
    }

    @Test
    void aDistrictWithoutAKeyIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Districts(3, 2));
    }
}
