package dev.keywright.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.keywright.Verification;
import java.util.Collection;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark runs, and does what its name says; no test measures time. */
@Timeout(240)
class BenchmarksTest {

    /** A string of 35 characters with its bytes, which the caller allocates. */
    private static final double CALLERS_STRING_BYTES = 80;

    static {
        // Another JMH may run on this machine: this one measures no time.
        System.setProperty("jmh.ignoreLock", "true");
    }

    /** In a fork with C2: the code that this JVM has run before would influence the compiler. */
    @Test
    void cachedVerificationAllocatesNothingBeyondTheCallersString() throws Exception {
        Options options = new OptionsBuilder()
                .include("CachedBenchmark.keywright$")
                .param("formats", "4")
                .param("keys", "1000")
                .param("pick", "uniform")
                .forks(1)
                // Not this JVM's options. Compiles in the foreground: on a busy machine a background compilation may
                // come too late.
                .jvmArgs("-Xmx512m", "-Xbatch")
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(600))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(200))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build();

        RunResult result = new Runner(options).runSingle();

        assertThat(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
                .isCloseTo(CALLERS_STRING_BYTES, within(8.0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRejectionHasTheReasonOfItsName(boolean cached) {
        RejectedBenchmark benchmark = new RejectedBenchmark();
        benchmark.cached = cached;
        benchmark.begin();
        Cursor cursor = new Cursor();
        for (int i = 0; i < 3000; i++) {
            assertThat(reason(benchmark.malformed())).isEqualTo("MALFORMED");
            assertThat(reason(benchmark.forged(cursor))).isEqualTo("MALFORMED");
            assertThat(reason(benchmark.unknown(cursor))).isEqualTo("UNKNOWN");
            assertThat(reason(benchmark.revoked(cursor))).isEqualTo("REVOKED");
            assertThat(reason(benchmark.missingScope(cursor))).isEqualTo("MISSING_SCOPE");
        }
        benchmark.close();
    }

    private static String reason(Verification verification) {
        return verification.fold(
                verified -> "VERIFIED", rejected -> rejected.reason().name());
    }

    @Test
    void allBenchmarksRun() throws Exception {
        Options options = new OptionsBuilder()
                .include("dev.keywright.benchmarks.*Benchmark")
                .param("database", "h2")
                .param("keys", "300")
                .param("pick", "uniform")
                .param("formats", "4")
                .param("cached", "true")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(5))
                .shouldFailOnError(true)
                .build();

        Collection<RunResult> results = new Runner(options).run();

        // Cached, read-through, pieces, rejected, peers, filter.
        assertThat(results).hasSize(5 + 3 + 6 + 7 + 3 + 3);
    }

    @Test
    void referenceAcceptsItsKeysOnly() {
        Reference reference = new Reference();
        KeyTexts texts = Reference.fill(reference, 100);

        assertThat(IntStream.range(0, 100).mapToObj(texts::fresh))
                .allMatch(text -> reference.verify(text, Reference.SCOPE) != null)
                .allMatch(text -> reference.verify(text, "write:people") == null)
                .allMatch(text -> reference.verify(text.replaceFirst("ck_.", "ck_-"), Reference.SCOPE) == null)
                .allMatch(text -> reference.verify(text.substring(0, 34) + "-", Reference.SCOPE) == null);
    }

    @Test
    void picksFollowTheirDistribution() {
        assertThat(greatestFrequency("uniform")).isBetween(0.005, 0.015);
        // 1/H(100), where H(100) = 5.19 is the harmonic number.
        assertThat(greatestFrequency("zipf")).isBetween(0.18, 0.21);
        assertThatIllegalArgumentException().isThrownBy(() -> new Picks("fair", 100));
    }

    private static double greatestFrequency(String distribution) {
        Picks picks = new Picks(distribution, 100);
        int draws = 1 << 20;
        int[] counts = new int[100];
        for (int i = 0; i < draws; i++) {
            counts[picks.at(i)]++;
        }
        return IntStream.of(counts).max().orElseThrow() / (double) draws;
    }
}
