package dev.keywright.jdbc;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** Point of the monotonic clock by which a call must return. */
record Deadline(long nanoTime) {

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean hasPassed() {
        return remainingNanos() <= 0;
    }

    /** Returns the nanoseconds until the deadline; zero or negative if it has passed. */
    long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    /**
     * Returns the time until the deadline; at least one millisecond.
     *
     * @throws SQLTimeoutException if the deadline has passed
     */
    Duration remaining() throws SQLTimeoutException {
        long nanos = remainingNanos();
        if (nanos <= 0) {
            throw new SQLTimeoutException("the time-out of the call has expired", "57014");
        }
        return Duration.ofMillis(Math.max(1, nanos / 1_000_000));
    }
}
