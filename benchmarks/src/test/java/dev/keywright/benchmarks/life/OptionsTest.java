package dev.keywright.benchmarks.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void sixteenThreadsUseTenThousandKeysForAMinuteWhereNothingIsSaid() {
        assertThat(Options.of()).isEqualTo(new Options("memory", 10_000, 16, 60, Long.MAX_VALUE, 1));
    }

    @Test
    void eachOptionCanBeSaid() {
        String all = "--store h2 --keys 300 --threads 2 --seconds 5 --steps 7 --seed 9";

        assertThat(Options.of(all.split(" ", -1))).isEqualTo(new Options("h2", 300, 2, 5, 7, 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--store file",
                "--keys 199",
                "--keys many",
                "--threads 0",
                "--seconds 0",
                "--steps 0",
                "--speed 9",
                "--seed"
            })
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.of(some.split(" ", -1)));
    }
}
