package dev.keywright.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/** Clock in UTC that stands still until it is set. Thread-safe. */
public final class SettableClock extends Clock {

    private Instant now;

    private SettableClock(Instant now) {
        this.now = now;
    }

    /**
     * Creates a clock.
     *
     * @param now the initial instant
     * @return the clock
     */
    public static SettableClock at(Instant now) {
        return new SettableClock(Objects.requireNonNull(now));
    }

    /**
     * Sets the clock, forward or back.
     *
     * @param to the new instant
     */
    public synchronized void set(Instant to) {
        now = Objects.requireNonNull(to);
    }

    /**
     * Advances the clock.
     *
     * @param by the duration; a negative one sets the clock back
     */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** {@return a view of this clock in another zone, which follows when this one is set} */
    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource source = () -> instant();
        return source.withZone(zone);
    }
}
