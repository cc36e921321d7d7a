package dev.keywright.benchmarks.life;

import dev.keywright.ApiKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time between two looks at the clock, in which somebody else has looked at it once: what comes by itself in between
 * may have come for them, or not.
 *
 * @param from the look before
 * @param to the look after
 */
record Span(Instant from, Instant to) {

    /** Instants of keys are whole milliseconds; so the present may be, too. */
    Span {
        from = from.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Whether the other look may have shown this instant. */
    boolean holds(Instant instant) {
        return !instant.isBefore(from) && !instant.isAfter(to);
    }

    /** Whether a key in this state may have worked. */
    boolean mayWork(ApiKey key) {
        return key.revocation().isEmpty()
                && (key.expiresAt().isEmpty() || key.expiresAt().get().isAfter(from));
    }

    /** Whether a key in this state must have worked. */
    boolean mustWork(ApiKey key) {
        return mayWork(key) && !mayHaveExpired(key);
    }

    /** Whether the end of a key in this state may have come, and nobody had revoked it. */
    boolean mayHaveExpired(ApiKey key) {
        return key.revocation().isEmpty()
                && key.expiresAt().isPresent()
                && !key.expiresAt().get().isAfter(to);
    }
}
