package dev.keywright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private final SettableClock clock = SettableClock.at(NOON);

    @Test
    void clockStandsStillUntilAdvanced() {
        assertThat(clock.instant()).isEqualTo(NOON);

        clock.advance(Duration.ofMillis(1));

        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1));
    }

    @Test
    void clockCanBeSetBack() {
        clock.set(NOON.minusSeconds(1));

        assertThat(clock.millis()).isEqualTo(NOON.minusSeconds(1).toEpochMilli());
    }

    @Test
    void viewInAnotherZoneFollowsTheClock() {
        Clock inTokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));

        clock.advance(Duration.ofHours(1));

        assertThat(inTokyo.instant()).isEqualTo(NOON.plusSeconds(3600));
        assertThat(inTokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }
}
