package dev.keywright.core.lookup;

import dev.keywright.core.cache.CachedResult;
import java.time.Clock;

/**
 * When keys are used. A cache looks at the clock at each beat, and what it answers afterwards is used then: no more than a lease
 * too early, and without a look at the clock, which would be a fifth of what a verification takes. Safe for use by many threads.
 */
public final class CoarseClock {

    private final Clock clock;
    private volatile long lately;

    public CoarseClock(Clock clock) {
        this.clock = clock;
    }

    /** Looks at the clock for all the uses up to the next time. One that fails must not end the thread that keeps the cache true. */
    public void refresh() {
        try {
            lately = clock.millis();
        } catch (Throwable e) {
            // What is looked up asks the same clock, and says so.
        }
    }

    /** {@return when a key is used of which this was found; exactly, where it has an end, so that it matters} */
    long millisFor(LookupResult found) {
        return found instanceof CachedResult && !found.expires() ? lately : clock.millis();
    }
}
