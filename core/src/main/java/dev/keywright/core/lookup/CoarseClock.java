package dev.keywright.core.lookup;

import java.time.Clock;

/**
 * Clock that is read at each poll of a cache. Usage of cached keys is dated by it: at most one lease too early, and without reading
 * the clock, which would be a fifth of the time of a verification. Thread-safe.
 */
public final class CoarseClock {

    private final Clock clock;
    private volatile long coarseMillis;

    /** Creates a coarse view of a clock. */
    public CoarseClock(Clock clock) {
        this.clock = clock;
    }

    /** Reads the clock. A clock that throws must not stop the thread that keeps the cache coherent. */
    public void refresh() {
        try {
            coarseMillis = clock.millis();
        } catch (Throwable e) {
            // Lookups read the same clock, and throw what it throws.
        }
    }

    /** {@return the time of the last refresh; defined only while the lease of the cache holds} */
    long coarseMillis() {
        return coarseMillis;
    }

    /** {@return the present} */
    long millis() {
        return clock.millis();
    }
}
