package dev.keywright.benchmarks.week;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keywright.benchmarks.kit.Latencies;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All is measured, and all answers are right: otherwise the run fails. How long it takes, no test says. */
@Timeout(240)
class WeekRunTest {

    @Test
    void aWeekIsMeasuredOnTwoProcessesWithCaches() throws Exception {
        assertThat(said("--nodes 2 --caches on"))
                .contains("| full speed, one call in a hundred manages a key | 2 processes, cache |")
                .contains("| answered by the cache, % |")
                .contains("| each when it is due | 2 processes, cache |")
                .contains("| uses that were written down, %, of all |");
    }

    @Test
    void aWeekIsMeasuredOnOneProcessWithoutACache() throws Exception {
        assertThat(said("--nodes 1 --caches off")).contains("| full speed, nothing is managed | 1 process, no cache |");
    }

    private static String said(String what) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String words = "--districts 20 --keys 300 --rounds 1 --seconds 0.7 --rate 100 --scripts 2 --clerks 12 ";
        WeekOptions options = WeekOptions.of((words + what).split(" ", -1));

        WeekRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        return said.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "unanswered", "left"})
    void aRunInWhichNotAllIsRightFails(String what) {
        Audit audit = new Audit("one process", true);

        audit.pass(good(), 1);

        assertThatIllegalStateException()
                .isThrownBy(() -> audit.pass(good().count(what, 1), 1))
                .withMessageContaining("that measures nothing");
    }

    @Test
    void aRunWhoseUsesWereNotWrittenDownFails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Audit("one process", true).pass(good(), 0.5))
                .withMessageContaining("0.5");
    }

    @Test
    void aRunInWhichNobodyCameToRevokeFails() {
        Figures idle =
                new Figures().count("accepted", 2).count("after-the-end", 1).count("hits", 1);
        Latencies one = new Latencies();
        one.add(1);

        assertThatIllegalStateException()
                .isThrownBy(() -> new Audit("one process", true).pass(idle.times("verify", one), 1))
                .withMessageContaining("nobody came to");
    }

    private static Figures good() {
        Latencies some = new Latencies();
        some.add(100);
        Figures good = new Figures()
                .count("accepted", 2)
                .count("after-the-end", 1)
                .count("hits", 1)
                .times("verify", some);
        for (Clerks.Deed deed : Clerks.Deed.values()) {
            good.times(deed.name(), some);
        }
        return good;
    }

    @Test
    void whatAProcessSaysIsReadAsItWas() {
        Latencies times = new Latencies();
        times.add(5);
        times.add(123_456);
        Figures said = new Figures().count("allocated", 12.5).times("verify", times);

        Figures read = Figures.of(said.line());

        assertThat(read.line()).isEqualTo(said.line());
        assertThat(read.sum("allocated")).isEqualTo(12.5);
        assertThat(read.times("verify").count()).isEqualTo(2);
        assertThat(read.times("verify").longest()).isEqualTo(123_456);
        assertThat(read.times("verify").percentile(50)).isEqualTo(5);
    }

    @Test
    void figuresOfTheProjectAreMadeOnPostgreSqlWhereNothingIsSaid() {
        assertThat(WeekOptions.of())
                .hasToString("--districts 2000 --keys 100000 --nodes 1,2 --caches off,on --rounds 3"
                        + " --seconds 20.0 --rate 2000 --scripts 8 --clerks 32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--districts 0",
                "--keys 1999",
                "--nodes 0",
                "--nodes 9",
                "--caches maybe",
                "--rounds 0",
                "--seconds 0",
                "--rate 0",
                "--scripts 1",
                "--clerks 1",
                "--speed 9",
                "--rounds"
            })
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> WeekOptions.of(some.split(" ", -1)));
    }
}
