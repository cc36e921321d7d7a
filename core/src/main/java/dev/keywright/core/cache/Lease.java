package dev.keywright.core.cache;

import dev.keywright.core.common.MonotonicTime;
import java.time.Duration;

/** Until when this node may answer from its cache, on the machine's monotonic clock. Safe for use by many threads. */
class Lease {

    private final MonotonicTime time;
    private volatile long end;
    private boolean over;

    Lease(MonotonicTime time) {
        this.time = time;
        this.end = time.nanoTime();
    }

    /** Whether it has not run out. Whatever the caller reads afterwards was not forgotten before. */
    boolean holds() {
        return end - time.nanoTime() > 0;
    }

    /** {@return what is left of it; zero if it has run out} */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - time.nanoTime()));
    }

    /** Makes it end so long after an instant, unless it ends later already, or for good. */
    synchronized void extend(long from, Duration lease) {
        long later = from + lease.toNanos();
        if (!over && later - end > 0) {
            end = later;
        }
    }

    /** Ends it now. */
    synchronized void end() {
        end = time.nanoTime();
    }

    /** Ends it now, and nothing extends it any more. */
    synchronized void endForGood() {
        over = true;
        end();
    }
}
