package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The revocation of a key: when, by whom, and why.
 *
 * @param at when, in whole milliseconds
 * @param by who
 * @param reason why; may be empty
 */
public record Revocation(Instant at, Actor by, String reason) implements Serializable {

    private static final int MAX_REASON_LENGTH = 200;

    /**
     * Takes the parts as a store has read them, without rules for the reason: {@link #of} has these. Truncates the instant
     * to milliseconds.
     *
     * @param at when
     * @param by who
     * @param reason why
     */
    public Revocation {
        Objects.requireNonNull(by);
        Objects.requireNonNull(reason);
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Creates a revocation for a reason that a caller gave.
     *
     * @param at when
     * @param by who
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
