package dev.keywright.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/** A clock in UTC that stands still until somebody sets it. Safe for use by many threads. */
public final class SettableClock extends Clock {

    private Instant now;

    private SettableClock(Instant now) {
        this.now = now;
    }

    /**
     * Makes a clock.
     *
     * @param now what it shows at first
     * @return the clock
     */
    public static SettableClock at(Instant now) {
        return new SettableClock(Objects.requireNonNull(now));
    }

    /**
     * Sets the clock, forwards or back.
     *
     * @param to what it shows from now on
     */
    public synchronized void set(Instant to) {
        now = Objects.requireNonNull(to);
    }

    /**
     * Lets time go on.
     *
     * @param by for how long; a negative time turns it back
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

    /** {@return this clock as seen in another zone: it follows when this one is set} */
    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource hands = () -> instant();
        return hands.withZone(zone);
    }
}
