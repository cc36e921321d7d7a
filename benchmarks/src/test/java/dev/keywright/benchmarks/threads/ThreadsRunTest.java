package dev.keywright.benchmarks.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All threads verify, and the cache answers: otherwise the run fails. How fast, no test says. */
@Timeout(120)
class ThreadsRunTest {

    private static final ThreadsOptions SMALL = ThreadsOptions.of(
            "--threads",
            "1,20",
            "--virtual",
            "50",
            "--rounds",
            "1",
            "--seconds",
            "0.05",
            "--keys",
            "100",
            "--lease",
            "20000");

    @Test
    void oneThreadAndManyAreMeasured() throws Exception {
        assertThat(said(SMALL))
                .contains("| verifications of cached keys by | 1 thread | 20 threads |")
                .contains("| a thread that waits: bytes of the heap | – | ");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreMeasuredAndNeverPinned() throws Exception {
        assertThat(said(SMALL))
                .contains("| 50 virtual threads |")
                .contains("| times that one was pinned | 0.0 | 0.0 | 0.0 |");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aThreadThatIsPinnedIsSeen() throws Exception {
        Pins.requireSeen();
        assertThat(Pins.during(() -> {})).isEmpty();
    }

    @Test
    void aCrewOfWhichOneFailsFails() {
        try (Crew crew = new Crew(Kind.PLATFORM, 3, number -> {
            if (number == 1) {
                throw new IllegalArgumentException("tired");
            }
        })) {
            assertThatIllegalStateException()
                    .isThrownBy(crew::work)
                    .withRootCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String said(ThreadsOptions options) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ThreadsRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void figuresOfTheProjectAreMadeWithThousandsOfThreadsWhereNothingIsSaid() {
        assertThat(ThreadsOptions.of())
                .hasToString("--threads 1,2,100,5000 --virtual 10000 --rounds 7 --seconds 2.0 --keys 1000 --lease 250");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--threads 0",
                "--threads 1,",
                "--virtual 0",
                "--rounds 0",
                "--seconds 0",
                "--keys 0",
                "--lease 0",
                "--speed 9",
                "--rounds"
            })
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> ThreadsOptions.of(some.split(" ", -1)));
    }
}
