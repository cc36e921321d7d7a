package dev.keywright.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured is done, and each of it finds what it should: otherwise the run fails. How fast, no test says. */
class ScaleRunTest {

    @Test
    void allTheWorkIsMeasured() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Options options = Options.of(
                "--database", "h2", "--keys", "2000", "--rounds", "1", "--seconds", "0.02", "--imports", "600");

        ScaleRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("`--database h2 --keys 2000 --rounds 1 --seconds 0.02 --imports 600`")
                .contains("the second over the first")
                .contains("`verify` of it for a scope")
                .contains("import of 600 keys");
    }

    @Test
    void tenThousandKeysOnPostgreSqlAreMeasuredSevenTimesWhereNothingIsSaid() {
        assertThat(Options.of()).isEqualTo(new Options("postgresql", 10_000, 7, 1, 100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--database oracle",
                "--keys 7999",
                "--keys many",
                "--rounds 0",
                "--seconds 0",
                "--seconds NaN",
                "--imports 0",
                "--speed 9",
                "--seed"
            })
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.of(some.split(" ", -1)));
    }
}
