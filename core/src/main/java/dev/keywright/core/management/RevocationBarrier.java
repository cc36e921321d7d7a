package dev.keywright.core.management;

import dev.keywright.BarrierInterruptedException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.KeyListener;
import java.time.Duration;

/**
 * Waits after a write until no node can still answer from entries that it had cached before: for the lease, and a quarter of it
 * more for clocks that run at different rates. Thread-safe.
 */
final class RevocationBarrier {

    private final MonotonicTime time;
    private final KeyListener listener;

    RevocationBarrier(MonotonicTime time, KeyListener listener) {
        this.time = time;
        this.listener = listener;
    }

    /**
     * Waits from now on; the write must be committed. A lease of zero means that no node caches, and there is no wait.
     *
     * @throws BarrierInterruptedException if the thread is interrupted; the interrupt status is restored
     */
    void await(Duration lease) {
        try {
            waitSince(time.nanoTime(), lease);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BarrierInterruptedException();
        }
    }

    /**
     * Waits to the end, even if the thread is interrupted; the interrupt status is restored. For a write whose result carries a
     * secret, which would be lost with an exception.
     */
    void awaitUninterruptibly(Duration lease) {
        long committed = time.nanoTime();
        boolean interrupted = false;
        boolean waiting = true;
        while (waiting) {
            try {
                waitSince(committed, lease);
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitSince(long committed, Duration lease) throws InterruptedException {
        long wait = lease.toNanos() + lease.toNanos() / 4;
        for (long left = wait; left > 0; left = wait - (time.nanoTime() - committed)) {
            time.sleep(left);
        }
        if (wait > 0) {
            listener.barrierPassed(Duration.ofNanos(time.nanoTime() - committed));
        }
    }
}
