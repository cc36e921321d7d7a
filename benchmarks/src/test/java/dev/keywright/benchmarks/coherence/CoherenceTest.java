package dev.keywright.benchmarks.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.spi.KeyStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A short run of two nodes in this process, on one store in memory; and that what is wrong with a node is found. What comes by
 * chance only, and not often, is looked for by a run of its own, which lasts longer.
 */
@Timeout(240)
class CoherenceTest {

    private static final int NODES = 2;
    private static final int CUSTODIANS = 8;
    private static final int KEYS_AT_A_TIME = 12;
    private static final int ENOUGH_ENDED = 250;
    private static final int ENOUGH_TO_FIND_IT = 120;
    private static final Duration LEASE = Duration.ofMillis(250);
    private static final long SEED = 20250310;

    @TempDir
    Path folder;

    private Board board;

    private Findings lived(Planted planted, int enoughEnded) throws Exception {
        board = new Board(folder.resolve("board"));
        KeyStore store = new InMemoryKeyStore();
        ExecutorService pool = Executors.newFixedThreadPool(NODES);
        try {
            List<Future<?>> nodes = new ArrayList<>();
            for (int number = 0; number < NODES; number++) {
                Node node = new Node(board, folder, number, number + 1, planted);
                SplittableRandom random = new SplittableRandom(SEED + number);
                nodes.add(pool.submit(() -> {
                    node.run(store, CUSTODIANS, KEYS_AT_A_TIME, random);
                    return true;
                }));
            }
            while (board.ended() < enoughEnded && nodes.stream().noneMatch(Future::isDone)) {
                LockSupport.parkNanos(LEASE.toNanos());
                board.tidy();
            }
            board.stop();
            for (Future<?> node : nodes) {
                node.get();
            }
        } finally {
            board.stop();
            pool.shutdownNow();
        }
        return Judge.judge(Judge.journals(folder), LEASE);
    }

    @Test
    void noKeyIsAcceptedAfterItsEndHasReturnedOrRejectedWhileItLives() throws Exception {
        Findings findings = lived(Planted.NONE, ENOUGH_ENDED);

        assertThat(findings.first()).isEmpty();
        assertThat(findings.ended()).isGreaterThanOrEqualTo(ENOUGH_ENDED);
        assertThat(findings.hitsBefore()).isPositive();
        assertThat(findings.hitsAfterElsewhere()).isPositive();
        assertThat(findings.acceptedWhileLive()).isPositive();
        assertThat(findings.of(What.MISSING_SCOPE)).isPositive();
    }

    /** All but the one that needs a network to stall. */
    @ParameterizedTest
    @EnumSource(
            value = Planted.class,
            names = {"NO_WAIT", "DEAF", "BEHIND", "FORGETFUL"})
    void whatIsWrongWithANodeIsFound(Planted planted) throws Exception {
        assertThat(lived(planted, ENOUGH_TO_FIND_IT).count()).isPositive();
    }

    @Test
    void runThatHasMissedWhatItWasToTryProvesNothing() throws Exception {
        Event issued = new Event(What.ISSUED, 0, 0, 0, 10, 20);
        Findings findings = Judge.judge(each -> each.accept(issued), LEASE);
        Board.Counters none = new Board.Counters(0, 0, 0, 0, 0, 0);
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        int answer = new Report(findings, none, NODES, Map.of(Trouble.CUT, 1))
                .print(new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(answer).isEqualTo(3);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("WRONG: 0")
                .contains("THIS PROVES NOTHING")
                .contains("lapses")
                .contains("a killed process")
                .doesNotContain("never came to [cut connections");
    }
}
