package dev.keywright;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The suspension of a key: time, actor and reason. A suspended key is rejected until it is resumed. Immutable.
 *
 * @param at the time, in whole milliseconds
 * @param by the actor
 * @param reason the reason; may be empty
 */
public record Suspension(Instant at, Actor by, String reason) implements Serializable {

    /**
     * Truncates the instant to milliseconds. The reason is not checked.
     *
     * @param at the time
     * @param by the actor
     * @param reason the reason
     */
    public Suspension {
        Objects.requireNonNull(by);
        Objects.requireNonNull(reason);
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }
}
