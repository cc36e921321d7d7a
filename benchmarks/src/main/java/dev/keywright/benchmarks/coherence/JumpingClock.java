package dev.keywright.benchmarks.coherence;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that somebody else sets: the machine's, and so many milliseconds more or less. */
final class JumpingClock extends Clock {

    private final LongSupplier aheadMillis;

    JumpingClock(LongSupplier aheadMillis) {
        this.aheadMillis = aheadMillis;
    }

    @Override
    public Instant instant() {
        return Instant.now().plusMillis(aheadMillis.getAsLong());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
