package dev.keywright.core.lookup;

import dev.keywright.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits the number of concurrent lookups. Further ones wait for a permit in the order of their arrival, for a limited time, so that
 * a cache which must not answer does not block all threads of the host. Thread-safe.
 */
public final class LookupLimiter {

    private final Semaphore permits;
    private final long timeoutNanos;

    /**
     * Creates a limiter.
     *
     * @param permits the maximum number of concurrent lookups
     * @param timeout the maximum time that a lookup waits for a permit
     */
    public LookupLimiter(int permits, Duration timeout) {
        this.permits = new Semaphore(permits, true);
        this.timeoutNanos = timeout.toNanos();
    }

    /**
     * Runs a lookup once there is a permit.
     *
     * @throws StoreUnavailableException if there is none in time, or the thread is interrupted, whose interrupt flag is then set
     */
    public <T> T limit(Supplier<T> lookup) {
        acquire();
        try {
            return lookup.get();
        } finally {
            permits.release();
        }
    }

    private void acquire() {
        try {
            if (permits.tryAcquire() || permits.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting to look up an API key", null);
        }
        throw new StoreUnavailableException("too many API key lookups are waiting for the store", null);
    }
}
