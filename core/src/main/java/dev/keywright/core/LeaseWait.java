package dev.keywright.core;

import dev.keywright.KeyId;
import dev.keywright.NotYetEverywhere;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The wait at the end of a write, until no node can still answer from what it had cached before: the lease, and a quarter
 * of it more for clocks that run at different rates.
 */
final class LeaseWait {

    static final LeaseWait SYSTEM = new LeaseWait(new MonotonicTime() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    });

    private final MonotonicTime time;

    /** A clock that nobody sets, and a way to let it go on. */
    interface MonotonicTime {
        long nanoTime();

        void sleep(long nanos) throws InterruptedException;
    }

    LeaseWait(MonotonicTime time) {
        this.time = time;
    }

    /**
     * Waits, from now on; to be called once the write is committed. With a lease of zero nobody caches, and nothing is
     * waited for.
     *
     * @throws NotYetEverywhere if the thread is interrupted meanwhile; its flag is kept
     */
    void await(KeyId id, Duration lease) {
        long committed = time.nanoTime();
        long wait = lease.toNanos() + lease.toNanos() / 4;
        try {
            for (long left = wait; left > 0; left = wait - (time.nanoTime() - committed)) {
                time.sleep(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotYetEverywhere(id);
        }
    }
}
