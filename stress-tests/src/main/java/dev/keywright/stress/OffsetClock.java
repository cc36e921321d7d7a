package dev.keywright.stress;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** The system clock, shifted by an offset that can change at any time. */
final class OffsetClock extends Clock {

    private final LongSupplier offsetMillis;

    OffsetClock(LongSupplier offsetMillis) {
        this.offsetMillis = offsetMillis;
    }

    @Override
    public Instant instant() {
        return Instant.now().plusMillis(offsetMillis.getAsLong());
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
