package dev.keywright.benchmarks.life;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Goes on by a millisecond whenever somebody looks at it: so keys end in the course of the steps, however long these take. */
final class TickingClock extends Clock {

    private static final Instant START = Instant.parse("2025-03-10T00:00:00Z");

    private final AtomicLong millis = new AtomicLong();

    @Override
    public Instant instant() {
        return START.plusMillis(millis.incrementAndGet());
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
