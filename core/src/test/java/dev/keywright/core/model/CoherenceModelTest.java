package dev.keywright.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.model.Search.Outcome;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Searches the model, and writes what it has seen to {@code core/target/coherence-model.txt}: how many states each world has, and
 * how each fault shows. With {@code -Dkeywright.model=long} the larger worlds too, which takes minutes and gigabytes:
 *
 * <pre>{@code
 * ./mvnw -pl core -am -Dtest=CoherenceModelTest -Dsurefire.failIfNoSpecifiedTests=false -Dkeywright.model=long test
 * }</pre>
 */
class CoherenceModelTest {

    private static final boolean LONG = "long".equals(System.getProperty("keywright.model"));
    private static final Path REPORT = Path.of("target", "coherence-model.txt");
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
            "hears that no writer waits, and ends its lease",
            "finds no database",
            "gets no answer",
            "will forget what has changed",
            "will forget everything: its lease has run out",
            "will forget everything: the connection is new",
            "will forget everything: the revision went back",
            "asks for the next page",
            "records of evictions are deleted",
            "gets a stale answer: the store cannot answer",
            "the replica answers",
            "drops an entry for want of room",
            "hits",
            "fills",
            "may not fill",
            "read through",
            "the store cannot answer",
            "the machine is SUSPENDED",
            "the machine goes on");

    @BeforeAll
    static void beginTheReport() throws IOException {
        Files.deleteIfExists(REPORT);
    }

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
    void noWorldOfTheProtocolAsBuiltHasAViolation() {
        Set<String> happened = new ConcurrentSkipListSet<>();

        worldsAsBuilt().parallelStream().forEach(world -> {
            Outcome outcome = new Search(world).run(MOST_STATES);
            assertThat(outcome.path()).as("how %s goes wrong", world).isEmpty();
            happened.addAll(outcome.happened());
            report(world, outcome);
        });

        assertThat(happened).containsAll(ALL_THAT_MATTERS);
    }

    @ParameterizedTest
    @MethodSource("faultyWorlds")
    void eachPlantedFaultIsFoundOut(World world) {
        assertItGoesWrong(world);
    }

    /** So that nobody promises it. */
    @ParameterizedTest
    @MethodSource("worldsBeyondThePromise")
    void beyondThePromiseItIsNotKept(World world) {
        assertItGoesWrong(world);
    }

    private static void assertItGoesWrong(World world) {
        Outcome outcome = new Search(world).run(MOST_STATES);

        List<String> path = outcome.path();
        assertThat(path).as("how %s goes wrong", world).isNotEmpty();
        assertThat(path.get(path.size() - 1))
                .containsAnyOf(
                        "ACCEPTED, and had begun after the revocation returned",
                        "REJECTED, and is a live key that had been returned as issued");
        report(world, outcome);
    }

    private static synchronized void report(World world, Outcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add(world + ": " + outcome.states() + " states" + (outcome.path().isEmpty() ? ", no violation" : ""));
        outcome.path().forEach(step -> lines.add("    " + step));
        try {
            Files.write(REPORT, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
