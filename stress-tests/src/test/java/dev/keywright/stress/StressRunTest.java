package dev.keywright.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Short runs within this JVM. Each writer finishes a round, and all rounds together contain each operation, so that no defect is found
 * by chance. A lease that is too long shows only under disruptions: continuous integration plants it in a run on PostgreSQL.
 */
@Timeout(240)
class StressRunTest {

    private static int run(String options) {
        return StressRun.commandLine().execute(options.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "h2"})
    void correctStoreHasNoViolations(String store) {
        assertThat(run("--writers 8 --seconds 60 --revocations 150 --store " + store))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "LONG_LEASE"})
    void plantedDefectIsFound(PlantedDefect defect) {
        assertThat(run("--store memory --writers 8 --seconds 60 --revocations 1 --planted " + defect))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--nodes 1", "--nodes 17", "--writers 0", "--seconds many", "--planted nothing", "--speed 9"})
    void invalidOptionsExitWith2(String options) {
        assertThat(run(options)).isEqualTo(2);
    }

    @Test
    void recoveryOfNoSecondsExitsWith2() {
        assertThat(CacheRecoveryRun.commandLine().execute("--seconds", "0")).isEqualTo(2);
    }

    @Test
    void insufficientCoverageExitsWith3() throws Exception {
        Event issued = new Event(EventType.ISSUED, Event.HAS_SCOPE, 0, 0, 10, 20, 1);
        Findings findings = HistoryChecker.check(each -> each.accept(issued), Duration.ofMillis(250));
        SharedKeys.Counters counters = new SharedKeys.Counters(0, 0, 0, 0, 0, 0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        int exitCode = new Report(findings, counters, 2, Map.of(Disruption.CUT_CONNECTIONS, 1))
                .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(exitCode).isEqualTo(3);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("VIOLATIONS: 0")
                .contains("INSUFFICIENT COVERAGE")
                .contains("lapsed leases")
                .contains("KILLED_PROCESS");
    }
}
