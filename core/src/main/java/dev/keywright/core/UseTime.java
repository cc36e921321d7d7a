package dev.keywright.core;

import java.time.Clock;

/**
 * When keys are used. A cache looks at the clock at each beat, and what it answers afterwards is used then: no more than a lease
 * too early, and without a look at the clock, which would be a fifth of what a verification takes. Safe for use by many threads.
 */
final class UseTime {

    private final Clock clock;
    private volatile long lately;

    UseTime(Clock clock) {
        this.clock = clock;
    }

    /** Looks at the clock for all the uses up to the next time. One that fails must not end the thread that keeps the cache true. */
    void look() {
        try {
            lately = clock.millis();
        } catch (Throwable e) {
            // What is looked up asks the same clock, and says so.
        }
    }

    /** {@return when a key is used of which this was found; exactly, where it has an end, so that it matters} */
    long of(Found found) {
        return found instanceof Entry && !found.ends() ? lately : clock.millis();
    }
}
