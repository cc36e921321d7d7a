package dev.keywright.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A run on a small scale: it fails unless each operation found what it should. */
class ScaleRunTest {

    private static int run(String options) {
        return ScaleRun.commandLine().execute(options.split(" ", -1));
    }

    @Test
    void allOperationsAreMeasured() {
        assertThat(run("--h2 --keys 2000 --rounds 1 --seconds 0.02 --imports 600"))
                .isZero();
    }

    @Test
    void tooFewKeysExitWith2() {
        assertThat(run("--keys 7999")).isEqualTo(2);
    }
}
