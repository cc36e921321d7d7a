package dev.keywright.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.model.Search.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Searches the model. With {@code -Dkeywright.model=long} the larger worlds too, which takes an hour and some gigabytes: {@code
 * ./mvnw -pl core -am -Dtest=CoherenceModelTest -Dsurefire.failIfNoSpecifiedTests=false -Dkeywright.model=long test}.
 */
class CoherenceModelTest {

    private static final boolean LONG = "long".equals(System.getProperty("keywright.model"));
    private static final int MOST_STATES = LONG ? 400_000_000 : 4_000_000;

    /** What must have happened somewhere, or nothing has been shown. */
    private static final List<String> ALL_THAT_MATTERS = List.of(
            "revoke RETURNS",
            "the repeated revoke RETURNS",
            "issue RETURNS",
            "revokeAll commits",
            "purge removes what is revoked",
            "revoke is called again, since it was lost: commits",
            "whoever revoked is gone; revoke is called again: already revoked, commits",
            "FAIL-OVER: what was committed since the copy is lost",
            "begins: the lease is committed",
            "hears that no writer waits",
            "finds no database",
            "gets no answer",
            "will forget what has changed",
            "will forget everything: its lease has run out",
            "will forget everything: the floor is above",
            "will forget everything: the revision went back",
            "will forget everything: too many changes",
            "drops an entry for want of room",
            "hits",
            "fills",
            "may not fill",
            "read through",
            "the store cannot answer",
            "the machine is SUSPENDED",
            "the machine goes on");

    static List<World> worldsAsBuilt() {
        List<World> worlds = new ArrayList<>(Worlds.asBuilt());
        if (LONG) {
            worlds.addAll(Worlds.asBuiltAndLarger());
        }
        return worlds;
    }

    static List<World> faultyWorlds() {
        return Worlds.faulty();
    }

    static List<World> worldsBeyondThePromise() {
        return Worlds.beyondThePromise();
    }

    @Test
    void noWorldOfTheProtocolAsBuiltHasAViolation(TestReporter reporter) {
        Set<String> happened = new ConcurrentSkipListSet<>();

        worldsAsBuilt().parallelStream().forEach(world -> {
            Outcome outcome = new Search(world).run(MOST_STATES);
            assertThat(outcome.path()).as("how %s goes wrong", world).isEmpty();
            happened.addAll(outcome.happened());
            reporter.publishEntry(world.name(), outcome.states() + " states");
        });

        assertThat(happened).containsAll(ALL_THAT_MATTERS);
    }

    @ParameterizedTest
    @MethodSource("faultyWorlds")
    void eachPlantedFaultIsFoundOut(World world, TestReporter reporter) {
        assertItGoesWrong(world, reporter);
    }

    /** So that nobody promises it. */
    @ParameterizedTest
    @MethodSource("worldsBeyondThePromise")
    void beyondThePromiseItIsNotKept(World world, TestReporter reporter) {
        assertItGoesWrong(world, reporter);
    }

    private static void assertItGoesWrong(World world, TestReporter reporter) {
        Outcome outcome = new Search(world).run(MOST_STATES);

        List<String> path = outcome.path();
        assertThat(path).as("how %s goes wrong", world).isNotEmpty();
        assertThat(path.get(path.size() - 1))
                .containsAnyOf(
                        "ACCEPTED, and had begun after the revocation returned",
                        "REJECTED, and is a live key that had been returned as issued");
        reporter.publishEntry(world.name(), "\n    " + String.join("\n    ", path));
    }
}
