package dev.keywright.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.model.ModelChecker.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the model exhaustively, and writes to {@code core/target/coherence-model.txt} how many states each scenario has and which
 * transitions lead to each planted fault. A default build checks the small scenarios and all faults, {@code -Plong} the medium ones
 * too. The large ones take minutes and gigabytes:
 *
 * <pre>{@code
 * ./mvnw -Plong -pl core -am -Dtest=CoherenceModelTest -Dsurefire.failIfNoSpecifiedTests=false -Dkeywright.model=large test
 * }</pre>
 */
class CoherenceModelTest {

    private static final Path REPORT = Path.of("target", "coherence-model.txt");
    private static final int MAX_STATES = 4_000_000;
    private static final int MAX_STATES_OF_LARGE = 400_000_000;

    /** Transitions without which a check would show nothing. */
    private static final List<String> EXPECTED_TRANSITIONS = List.of(
            "revoke RETURNS",
            "the repeated revoke RETURNS",
            "issue RETURNS",
            "revokeAll commits",
            "purge deletes revoked keys",
            "repeated revoke commits: the first was lost",
            "repeated revoke commits: the first caller died, already revoked",
            "FAIL-OVER: commits since the copy are lost",
            "opens the change feed: the lease is committed",
            "learns that writers do not wait, and ends its lease",
            "cannot reach the database",
            "gets no response",
            "decides to evict the changed keys",
            "decides to flush: its lease has expired",
            "decides to flush: the connection is new",
            "decides to flush: the revision went back",
            "requests the next page",
            "eviction records are deleted",
            "gets a stale result: store unavailable",
            "the replica returns a result",
            "evicts an entry for room",
            "hits",
            "fills",
            "fill refused",
            "reads through",
            "store unavailable",
            "the machine is SUSPENDED",
            "the machine resumes");

    @BeforeAll
    static void deleteReport() throws IOException {
        Files.deleteIfExists(REPORT);
    }

    @Test
    void smallScenariosHaveNoViolation() {
        Set<String> transitions = assertNoViolation(Scenarios.small(), MAX_STATES);

        assertThat(transitions).containsAll(EXPECTED_TRANSITIONS);
    }

    @Test
    @Tag("long")
    void mediumScenariosHaveNoViolation() {
        assertNoViolation(Scenarios.medium(), MAX_STATES);
    }

    @Test
    @Tag("long")
    @EnabledIfSystemProperty(named = "keywright.model", matches = "large")
    void largeScenariosHaveNoViolation() {
        assertNoViolation(Scenarios.large(), MAX_STATES_OF_LARGE);
    }

    static List<Scenario> faultyScenarios() {
        return Scenarios.faulty();
    }

    @ParameterizedTest
    @MethodSource("faultyScenarios")
    void plantedFaultIsFound(Scenario scenario) {
        assertViolation(scenario);
    }

    static List<Scenario> scenariosBeyondThePromise() {
        return Scenarios.beyondThePromise();
    }

    /** If one of these were kept, the documentation could promise it. */
    @ParameterizedTest
    @MethodSource("scenariosBeyondThePromise")
    void documentedLimitOfThePromiseIsReal(Scenario scenario) {
        assertViolation(scenario);
    }

    @Test
    @Tag("long")
    void promiseDoesNotSurviveLossOfAWaitingPurge() {
        assertViolation(Scenarios.lossOfAWaitingPurge());
    }

    private static Set<String> assertNoViolation(List<Scenario> scenarios, int maxStates) {
        Set<String> transitions = new ConcurrentSkipListSet<>();
        scenarios.parallelStream().forEach(scenario -> {
            Outcome outcome = new ModelChecker(scenario).run(maxStates);
            assertThat(outcome.path()).as("violation in: %s", scenario).isEmpty();
            transitions.addAll(outcome.labels());
            report(scenario, outcome);
        });
        return transitions;
    }

    private static void assertViolation(Scenario scenario) {
        Outcome outcome = new ModelChecker(scenario).run(MAX_STATES);

        List<String> path = outcome.path();
        assertThat(path).as("violation in: %s", scenario).isNotEmpty();
        assertThat(path.get(path.size() - 1))
                .containsAnyOf(
                        "ACCEPTED by a verification that began after the revocation returned",
                        "REJECTED, although it is live and its issue had returned");
        report(scenario, outcome);
    }

    private static synchronized void report(Scenario scenario, Outcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add(
                scenario + ": " + outcome.states() + " states" + (outcome.path().isEmpty() ? ", no violation" : ""));
        outcome.path().forEach(step -> lines.add("    " + step));
        try {
            Files.write(REPORT, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
