package dev.keywright.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.keywright.Verification;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** That the benchmarks run, do what they say they measure, and allocate what they should. Never how long it takes. */
@Timeout(240)
class VerificationBenchmarksTest {

    /** A string of 35 characters and the bytes in it. */
    private static final double STRING = 80;

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Test
    void whatIsAnsweredFromMemoryTakesNoneBeyondTheCallersString() throws Exception {
        Map<String, Double> allocated = allocated(options(CachedBenchmark.class)
                .param("keys", "1000")
                .param("pick", "uniform")
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(700))
                .measurementTime(TimeValue.milliseconds(300))
                .forks(1)
                .jvmArgs("-Xmx512m"));

        assertThat(allocated)
                .containsOnlyKeys("caffeine", "freshString", "keywright", "keywrightUnscoped", "reference");
        assertThat(allocated.get("freshString")).isCloseTo(STRING, within(1.0));
        assertThat(allocated.get("keywright")).isCloseTo(STRING, within(8.0));
        assertThat(allocated.get("keywrightUnscoped")).isCloseTo(STRING, within(8.0));
        assertThat(allocated.get("reference")).isGreaterThan(STRING + 32);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRejectionIsTheOneThatItIsNamedAfter(boolean cached) {
        RejectedBenchmark benchmark = new RejectedBenchmark();
        benchmark.cached = cached;
        benchmark.begin();
        Cursor cursor = new Cursor();
        for (int i = 0; i < 3000; i++) {
            assertThat(outcome(benchmark.malformed())).isEqualTo("MALFORMED");
            assertThat(outcome(benchmark.forged(cursor))).isEqualTo("MALFORMED");
            assertThat(outcome(benchmark.unknown(cursor))).isEqualTo("UNKNOWN");
            assertThat(outcome(benchmark.revoked(cursor))).isEqualTo("REVOKED");
            assertThat(outcome(benchmark.missingScope(cursor))).isEqualTo("MISSING_SCOPE");
        }
        benchmark.close();
    }

    @Test
    void allOthersRun() throws Exception {
        ChainedOptionsBuilder some = options(ReadThroughBenchmark.class)
                .include(PiecesBenchmark.class.getName())
                .include(RejectedBenchmark.class.getName())
                .include(PeersBenchmark.class.getName())
                .param("database", "h2")
                .param("keys", "300")
                .param("cached", "true")
                .forks(0);

        assertThat(allocated(some))
                .containsKeys("handWrittenSelect", "keywright", "keywrightInMemory", "issued", "bcrypt", "sha256")
                .hasSize(3 + 6 + 7 + 3);
    }

    @Test
    void theReferenceAcceptsItsKeysAndNoOther() {
        Reference reference = new Reference();
        KeyTexts texts = Reference.fill(reference, 100);

        assertThat(IntStream.range(0, 100).mapToObj(texts::fresh))
                .allMatch(text -> reference.verify(text, Reference.SCOPE) != null)
                .allMatch(text -> reference.verify(text, "write:people") == null)
                .allMatch(text -> reference.verify(text.replaceFirst("ck_.", "ck_-"), Reference.SCOPE) == null)
                .allMatch(text -> reference.verify(text.substring(0, 34) + "-", Reference.SCOPE) == null);
    }

    @Test
    void picksAreWhatTheyAreCalled() {
        assertThat(frequencyOfTheMostFrequent("uniform")).isBetween(0.005, 0.015);
        // 1/H(100), where H(100) is the sum of the first hundred reciprocals: 5.19.
        assertThat(frequencyOfTheMostFrequent("zipf")).isBetween(0.18, 0.21);
        assertThatIllegalArgumentException().isThrownBy(() -> new Picks("fair", 100));
    }

    private static double frequencyOfTheMostFrequent(String how) {
        Picks picks = new Picks(how, 100);
        int all = 1 << 20;
        Map<Integer, Long> often =
                IntStream.range(0, all).boxed().collect(Collectors.groupingBy(picks::at, Collectors.counting()));
        assertThat(often).hasSize(100);
        return often.values().stream().mapToLong(Long::longValue).max().orElseThrow() / (double) all;
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName())
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
    }

    private static Map<String, Double> allocated(ChainedOptionsBuilder options) throws RunnerException {
        Collection<RunResult> results = new Runner(options.build()).run();
        Map<String, Double> allocated = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getPrimaryResult().getLabel();
            allocated.put(name, result.getSecondaryResults().get(ALLOCATED).getScore());
        }
        return allocated;
    }

    private static String outcome(Verification verification) {
        return verification.fold(
                verified -> "VERIFIED", rejected -> rejected.reason().name());
    }
}
