package dev.keywright.core.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.BarrierInterruptedException;
import dev.keywright.core.ManualTime;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.KeyListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RevocationBarrierTest {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final Duration WAIT = Duration.ofNanos(312_500_000);

    private final ManualTime time = new ManualTime();
    private final List<Long> sleeps = new ArrayList<>();
    private final List<Duration> told = new ArrayList<>();

    /** Each sleep ends a little early, as sleeps may. */
    private final RevocationBarrier wait = new RevocationBarrier(
            new MonotonicTime() {
                @Override
                public long nanoTime() {
                    return time.nanoTime();
                }

                @Override
                public void sleep(long nanos) throws InterruptedException {
                    sleeps.add(nanos);
                    time.sleep(nanos > 1_000 ? nanos - 1_000 : nanos);
                }
            },
            new KeyListener() {
                @Override
                public void barrierPassed(Duration wait) {
                    told.add(wait);
                }
            });

    @AfterEach
    void clearTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void itTakesOneAndAQuarterLeases() {
        wait.await(LEASE);

        assertThat(time.gone()).isEqualTo(WAIT);
        assertThat(sleeps).hasSize(2);
        assertThat(told).containsExactly(WAIT);
    }

    @Test
    void nothingIsWaitedForWhereNobodyCaches() {
        Thread.currentThread().interrupt();

        wait.await(Duration.ZERO);
        wait.awaitUninterruptibly(Duration.ZERO);

        assertThat(sleeps).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void anInterruptedWaitHasItsOwnOutcomeAndKeepsTheFlag() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> wait.await(LEASE)).isInstanceOf(BarrierInterruptedException.class);

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aWaitThatCannotBeInterruptedGoesOnToItsEndAndKeepsTheFlag() {
        Thread.currentThread().interrupt();

        wait.awaitUninterruptibly(LEASE);

        assertThat(time.gone()).isEqualTo(WAIT);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aWaitThatIsNotInterruptedLeavesNoFlag() {
        wait.awaitUninterruptibly(LEASE);

        assertThat(time.gone()).isEqualTo(WAIT);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
