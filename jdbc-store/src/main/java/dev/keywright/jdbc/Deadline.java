package dev.keywright.jdbc;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** Until when a call has to come to its end, on this machine's monotonic clock. */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /**
     * {@return how long that is from now; at least a millisecond}
     *
     * @throws SQLTimeoutException if it is over
     */
    Duration left() throws SQLTimeoutException {
        long nanos = nanoTime - System.nanoTime();
        if (nanos <= 0) {
            throw new SQLTimeoutException("the time that a call may take is over", "57014");
        }
        return Duration.ofMillis(Math.max(1, nanos / 1_000_000));
    }
}
