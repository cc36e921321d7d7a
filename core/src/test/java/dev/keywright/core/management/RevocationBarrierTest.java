package dev.keywright.core.management;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Duration BARRIER = Duration.ofNanos(312_500_000);

    private final ManualTime time = new ManualTime();
    private final List<Long> sleeps = new ArrayList<>();
    private final List<Duration> passed = new ArrayList<>();

    /** Barrier whose sleeps return slightly early, as real ones may. */
    private final RevocationBarrier barrier = new RevocationBarrier(
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
                    passed.add(wait);
                }
            });

    @AfterEach
    void clearInterruptFlag() {
        Thread.interrupted();
    }

    @Test
    void barrierTakesOneAndAQuarterLeases() {
        barrier.await(LEASE);

        assertThat(time.elapsed()).isEqualTo(BARRIER);
        assertThat(sleeps).hasSize(2);
        assertThat(passed).containsExactly(BARRIER);
    }

    @Test
    void barrierWithoutALeaseDoesNotWait() {
        Thread.currentThread().interrupt();

        barrier.await(Duration.ZERO);
        barrier.awaitUninterruptibly(Duration.ZERO);

        assertThat(sleeps).isEmpty();
        assertThat(passed).isEmpty();
    }

    @Test
    void uninterruptibleBarrierCompletesAndKeepsTheInterruptFlag() {
        Thread.currentThread().interrupt();

        barrier.awaitUninterruptibly(LEASE);

        assertThat(time.elapsed()).isEqualTo(BARRIER);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void uninterruptibleBarrierSetsNoInterruptFlag() {
        barrier.awaitUninterruptibly(LEASE);

        assertThat(time.elapsed()).isEqualTo(BARRIER);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
