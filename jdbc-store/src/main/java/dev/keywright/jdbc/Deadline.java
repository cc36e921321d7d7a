package dev.keywright.jdbc;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** Until when a call has to come to its end, on this machine's monotonic clock. */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return nanosLeft() <= 0;
    }

    /** {@return how many nanoseconds are left; not positive if it is over} */
    long nanosLeft() {
        return nanoTime - System.nanoTime();
    }

    /**
     * {@return how long that is from now; at least a millisecond}
     *
     * @throws SQLTimeoutException if it is over
     */
    Duration left() throws SQLTimeoutException {
        long nanos = nanosLeft();
        if (nanos <= 0) {
            throw new SQLTimeoutException("the time that a call may take is over", "57014");
        }
        return Duration.ofMillis(Math.max(1, nanos / 1_000_000));
    }
}
