package dev.keywright.jdbc;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** Instant by which a call must return, on the monotonic clock of this process. */
record Deadline(long nanoTime) {

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean hasPassed() {
        return remainingNanos() <= 0;
    }

    /** {@return the nanoseconds until the deadline; not positive once it has passed} */
    long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    /**
     * {@return the time until the deadline; at least one millisecond}
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
