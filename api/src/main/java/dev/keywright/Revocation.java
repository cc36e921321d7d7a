package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The revocation of a key: time, actor and reason.
 *
 * @param at the time, in whole milliseconds
 * @param by the actor
 * @param reason the reason; may be empty
 */
public record Revocation(Instant at, Actor by, String reason) implements Serializable {

    private static final int MAX_REASON_LENGTH = 200;

    /**
     * Takes the parts as a store has read them, without the rules of {@link #of}. Truncates the instant to milliseconds.
     *
     * @param at the time
     * @param by the actor
     * @param reason the reason
     */
    public Revocation {
        Objects.requireNonNull(by);
        Objects.requireNonNull(reason);
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Creates a revocation, and applies the rules of a new reason.
     *
     * @param at the time
     * @param by the actor
     * @param reason at most 200 characters without control characters; may be empty
     * @return the revocation
     * @throws IllegalArgumentException if the reason is anything else
     */
    public static Revocation of(Instant at, Actor by, String reason) {
        if (!reason.isEmpty()) {
            Text.require("reason", reason, MAX_REASON_LENGTH);
        }
        return new Revocation(at, by, reason);
    }
}
