package dev.keywright.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Verification;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** That the benchmarks run, and do what they say they measure. Never how long it takes. */
class ReadThroughBenchmarkTest {

    private final ReadThroughBenchmark benchmark = new ReadThroughBenchmark();

    @BeforeEach
    void issue() {
        benchmark.keys = 100;
        benchmark.issue();
    }

    @AfterEach
    void close() {
        benchmark.close();
    }

    @Test
    void eachMeasuresTheOutcomeThatItIsNamedAfter() throws Exception {
        assertThat(new String(benchmark.handWrittenSelectOnH2(), StandardCharsets.UTF_8))
                .startsWith("key_");
        assertThat(outcome(benchmark.verifyOnH2())).isEqualTo("VERIFIED");
        assertThat(outcome(benchmark.verifyInMemory())).isEqualTo("VERIFIED");
        assertThat(outcome(benchmark.rejectMalformed())).isEqualTo("MALFORMED");
        assertThat(outcome(benchmark.rejectForged())).isEqualTo("MALFORMED");
    }

    @Test
    void jmhFindsAndRunsThemAll() throws Exception {
        benchmark.close();

        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(ReadThroughBenchmark.class.getName())
                        .param("keys", "100")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .build())
                .run();

        assertThat(results).hasSize(5);
    }

    private static String outcome(Verification verification) {
        return verification.fold(
                verified -> "VERIFIED", rejected -> rejected.reason().name());
    }
}
