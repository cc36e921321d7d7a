package dev.keywright.benchmarks.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.spi.KeyStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole life of some keys, in many hands, for so many steps; and that the model knows right from wrong. */
class LifeTest {

    private static final int KEYS = 200;
    private static final int THREADS = 8;
    private static final int STEPS = 4000;
    private static final int LIVES = 20;
    private static final long SEED = 20250310;

    @ParameterizedTest
    @ValueSource(strings = {"memory", "h2"})
    void everyAnswerIsOneThatTheModelKnowsToBeRight(String store) throws Exception {
        try (Stores stores = Stores.named(store)) {
            Tally tally = withoutFault(stores.each());

            assertThat(Step.values()).allMatch(step -> tally.steps(step) > 0);
            assertThat(tally.others())
                    .containsKeys(
                            "verified",
                            "verifications that overlapped a change of their key",
                            "rejected: MISSING_SCOPE",
                            "rejected: REVOKED",
                            "rejected: EXPIRED",
                            "refused: another tenant's key",
                            "refused: change old version, VERSION",
                            "refused: rescope, REVOKED",
                            "refused: rename, EXPIRED",
                            "refused: rotate, REVOKED",
                            "refused: rotate, ROTATED",
                            "refused: end rotation, NOT_ROTATED");
        }
    }

    private static Tally withoutFault(List<KeyStore> stores) throws InterruptedException {
        Run run = lived(stores, SEED);
        run.end();

        assertThat(run.model().faults().first()).isEmpty();
        assertThat(run.model().faults().count()).isZero();
        return run.model().tally();
    }

    /** Some defects show only where two steps meet in the middle of one: a life without such a meeting says nothing. */
    @ParameterizedTest
    @EnumSource
    void aDefectIsFound(Defect defect) throws Exception {
        long faults = 0;
        for (int life = 0; faults == 0 && life < LIVES; life++) {
            faults = faultsIn(defect, SEED + life);
        }

        assertThat(faults).isPositive();
    }

    private static long faultsIn(Defect defect, long seed) throws InterruptedException {
        try (Stores stores = Stores.memory()) {
            Run run = lived(stores.each().stream().map(defect::in).toList(), seed);
            run.end();
            return run.model().faults().count();
        }
    }

    /** More verifications than of anything else, and enough of everything. */
    private static Step step(SplittableRandom random) {
        return random.nextBoolean() ? Step.any(random) : Step.each(random);
    }

    private static Run lived(List<KeyStore> stores, long seed) throws InterruptedException {
        Run run = new Run(stores, new TickingClock(), KEYS, THREADS, LifeTest::step, seed);
        AtomicLong left = new AtomicLong(STEPS);
        run.issue();
        run.goOnWhile(() -> left.getAndDecrement() > 0);
        return run;
    }

    @Test
    void aRunSaysHowItWas() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Options options = Options.of("--keys", "200", "--threads", "4", "--steps", "300", "--seed", "3");

        boolean right = LifeRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(right).isTrue();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("--store memory --keys 200 --threads 4 --seconds 60 --steps 300 --seed 3")
                .contains("steps: 300,")
                .contains("faults: 0");
    }
}
