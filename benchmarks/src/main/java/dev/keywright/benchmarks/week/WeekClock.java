package dev.keywright.benchmarks.week;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock by which a week passes in the time of a run: so keys come to their ends in it, and rotations' overlaps, and minutes at
 * which uses are written down. It goes by the monotonic clock, which all processes of a machine share; so it is the same in all of
 * them. Leases are measured by the real time.
 */
final class WeekClock extends Clock {

    private static final Duration WEEK = Duration.ofDays(7);

    private final long begun;
    private final Instant start;
    private final double faster;

    /**
     * A clock.
     *
     * @param begun by the monotonic clock, when it began to go
     * @param start what it showed then
     * @param seconds in how many a week passes
     */
    WeekClock(long begun, Instant start, double seconds) {
        this.begun = begun;
        this.start = start;
        this.faster = WEEK.toSeconds() / seconds;
    }

    @Override
    public Instant instant() {
        return start.plusNanos((long) ((System.nanoTime() - begun) * faster));
    }

    /** {@return what stands for some time of the week} */
    Duration real(Duration ofTheWeek) {
        return Duration.ofNanos((long) (ofTheWeek.toNanos() / faster));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("nobody asks for the time of day");
    }
}
