package dev.keywright.core.lookup;

import dev.keywright.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets so many look-ups reach the store at once; the others wait for their turn, and not for long. Where a cache answers most of
 * the time, the day on which it may not must not take all of the host's threads. Safe for use by many threads.
 */
public final class LookupLimiter {

    private final Semaphore places;
    private final long patienceNanos;

    public LookupLimiter(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patienceNanos = patience.toNanos();
    }

    /**
     * Calls, when it is our turn.
     *
     * @throws StoreUnavailableException if that does not come in time, or the thread is interrupted; its flag is kept
     */
    public <T> T pass(Supplier<T> call) {
        enter();
        try {
            return call.get();
        } finally {
            places.release();
        }
    }

    private void enter() {
        try {
            if (places.tryAcquire() || places.tryAcquire(patienceNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the look-up of an API key was interrupted before its turn", null);
        }
        throw new StoreUnavailableException("too many look-ups of API keys wait for the store", null);
    }
}
