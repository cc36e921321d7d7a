package dev.keywright.core.cache;

import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.TestSeam;
import java.time.Duration;

/** Permission of a node to answer from its cache until a time of the monotonic clock. Thread-safe. */
@TestSeam
class Lease {

    private final MonotonicTime time;
    private volatile long expiry;
    private boolean terminated;

    Lease(MonotonicTime time) {
        this.time = time;
        this.expiry = time.nanoTime();
    }

    /** Whether the lease has not expired. If so, an entry that is read afterwards includes every write whose barrier has passed. */
    @TestSeam
    boolean holds() {
        return expiry - time.nanoTime() > 0;
    }

    /** {@return the remaining time; zero if the lease has expired} */
    final Duration left() {
        return Duration.ofNanos(Math.max(0, expiry - time.nanoTime()));
    }

    /** Extends the lease to a duration after a time, unless it already expires later or was terminated. */
    @TestSeam
    synchronized void extend(long from, Duration duration) {
        long later = from + duration.toNanos();
        if (!terminated && later - expiry > 0) {
            expiry = later;
        }
    }

    /** Lets the lease expire now. */
    final synchronized void expire() {
        expiry = time.nanoTime();
    }

    /** Lets the lease expire now, for good: it can no longer be extended. */
    @TestSeam
    synchronized void terminate() {
        terminated = true;
        expire();
    }
}
