package dev.keywright.core.management;

import dev.keywright.BarrierInterruptedException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.KeyListener;
import java.time.Duration;

/**
 * The wait at the end of a write, until no node can still answer from what it had cached before: the lease, and a quarter
 * of it more for clocks that run at different rates.
 */
public final class RevocationBarrier {

    private final MonotonicTime time;
    private final KeyListener listener;

    public RevocationBarrier(MonotonicTime time, KeyListener listener) {
        this.time = time;
        this.listener = listener;
    }

    /**
     * Waits, from now on; to be called once the write is committed. With a lease of zero nobody caches, and nothing is
     * waited for.
     *
     * @throws BarrierInterruptedException if the thread is interrupted meanwhile; its flag is kept
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
     * Waits to the end, whoever interrupts the thread; its flag is kept. For a write whose answer carries a secret, which
     * would be lost with an exception.
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
