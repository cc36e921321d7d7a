package dev.keywright.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The measuring programs run on a small scale: each fails unless it measured what it should. */
@Timeout(240)
class RunsTest {

    private static int run(CommandLine program, String options) {
        return program.execute(options.split(" ", -1));
    }

    /** Long, since it starts a PostgreSQL. */
    @Tag("long")
    @Test
    void footprintIsMeasured() {
        assertThat(run(FootprintRun.commandLine(), "--keys 300 --seconds 0.1")).isZero();
    }

    @Test
    void threadsAreMeasuredAndNeverPinned() {
        assertThat(run(ThreadsRun.commandLine(), "--threads 20 --virtual 200")).isZero();
    }

    @Test
    void sharedObjectsAreCountedOnceAndThreadsNotTraversed() {
        byte[] shared = new byte[1000];
        ObjectGraph before = ObjectGraph.of(new Object[] {null, null, null});
        ObjectGraph graph = ObjectGraph.of(new Object[] {shared, new Object[] {shared}, new Thread()});

        assertThat(graph.objects("byte[]")).isEqualTo(1);
        assertThat(graph.bytes("byte[]")).isBetween(1000L, 1024L);
        assertThat(graph.objects()).isEqualTo(3);
        assertThat(graph.minus(before).objects()).isEqualTo(2);
        assertThat(graph.largest(1)).containsExactly("byte[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--keys many", "--speed 9", "--seconds"})
    void invalidOptionsExitWith2(String options) {
        assertThat(run(FootprintRun.commandLine(), options)).isEqualTo(2);
    }
}
