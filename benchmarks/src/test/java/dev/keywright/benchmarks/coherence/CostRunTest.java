package dev.keywright.benchmarks.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keywright.benchmarks.kit.Latencies;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All is measured, and each of it happens that is to be measured: otherwise the run fails. How long it takes, no test says. */
@Timeout(240)
class CostRunTest {

    @Test
    void allIsMeasured() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String words = "--nodes 1,2 --rounds 1 --seconds 0.2 --callers 2 --keys 200 --entries 100,3000";
        CostOptions options = CostOptions.of(words.split(" ", -1));

        CostRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("| nodes that cache | none yet | 1 | 2 |")
                .contains("| `revoke` of 100 keys in one call |")
                .contains("| `revokeAll` of 200 keys |")
                .contains("| the database is | well | slow: 20 ms | slow: 400 ms | away |")
                .contains("| the database was back |")
                .contains("| entries | 100 | 3,000 |");
    }

    @Test
    void latenciesAreKnownToWithinTwoPerCentAndTheLongestExactly() {
        Latencies even = new Latencies();
        Latencies odd = new Latencies();
        LongStream.rangeClosed(1, 100_000).forEach(nanos -> (nanos % 2 == 0 ? even : odd).add(nanos));

        Latencies all = even.and(odd);

        assertThat(all.count()).isEqualTo(100_000);
        assertThat(all.longest()).isEqualTo(100_000);
        for (double percent : List.of(0.01, 1.0, 50.0, 99.0, 99.9, 100.0)) {
            assertThat(all.percentile(percent)).isBetween(1000 * percent, 1020 * percent);
        }
        assertThat(new Latencies().percentile(50)).isNaN();
    }

    @Test
    void figuresOfTheProjectAreMadeOnPostgreSqlWhereNothingIsSaid() {
        assertThat(CostOptions.of())
                .hasToString("--nodes 1,2,4,8 --rounds 3 --seconds 2.0 --callers 8 --keys 10000"
                        + " --entries 1000,100000,1000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nodes 0",
                "--nodes 1,",
                "--rounds 0",
                "--seconds 0",
                "--callers 0",
                "--keys 0",
                "--entries 9",
                "--speed 9",
                "--rounds"
            })
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> CostOptions.of(some.split(" ", -1)));
    }
}
