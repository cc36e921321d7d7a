package dev.keywright.benchmarks.footprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys are in the cache when it is looked at, and stay there: otherwise the run fails. */
@Timeout(240)
class FootprintRunTest {

    @BeforeAll
    static void asTheProgramDoes() {
        System.setProperty("jol.magicFieldOffset", "true");
    }

    @Test
    void keysInACacheAreMeasuredAndCrammedIntoALittleHeap() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        FootprintOptions options =
                FootprintOptions.of("--keys", "300", "--crammed", "300", "--step", "256", "--seconds", "0.1");

        FootprintRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("| keys in the cache | 300 |")
                .contains("| `ApiKey`, how many a key | 1.0 |")
                .contains("300 keys stay remembered in a heap of 256 MB");
    }

    @Test
    void whatIsReachedTwiceIsCountedOnceAndThreadsLeadNowhere() {
        byte[] shared = new byte[1000];
        Graph before = Graph.of(new Object[] {null, null, null});
        Graph graph = Graph.of(new Object[] {shared, new Object[] {shared}, new Thread()});

        assertThat(graph.objects("byte[]")).isEqualTo(1);
        assertThat(graph.bytes("byte[]")).isBetween(1000L, 1024L);
        assertThat(graph.objects()).isEqualTo(3);
        assertThat(graph.less(before).objects()).isEqualTo(2);
        assertThat(graph.largest(1)).containsExactly("byte[]");
    }

    @Test
    void aProcessThatForgetsOrOnlyCollectsHasNotEnough() {
        Cramped.Outcome good = new Cramped.Outcome(100, 1, 5000, 0, 0.1);

        assertThat(Cramped.Outcome.of(good.line())).isEqualTo(good);
        assertThat(good.isEnough(100)).isTrue();
        assertThat(good.isEnough(101)).isFalse();
        assertThat(new Cramped.Outcome(100, 0.9, 5000, 0, 0.1).isEnough(100)).isFalse();
        assertThat(new Cramped.Outcome(100, 1, 5000, 1, 0.1).isEnough(100)).isFalse();
    }

    @Test
    void figuresOfTheProjectAreMadeWithAMillionKeysWhereNothingIsSaid() {
        assertThat(FootprintOptions.of())
                .hasToString("--keys 1000,100000,1000000 --crammed 1000000 --step 64 --seconds 20.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--keys 99", "--keys 1000,", "--crammed 9", "--step 0", "--seconds 0", "--speed 9", "--step"})
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> FootprintOptions.of(some.split(" ", -1)));
    }
}
