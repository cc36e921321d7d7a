package dev.keywright;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * That a key was revoked: when, by whom, and why.
 *
 * @param at when, in whole milliseconds
 * @param by who
 * @param reason why, in at most 200 characters without control characters; may be empty
 */
public record Revocation(Instant at, Actor by, String reason) implements Serializable {

    private static final int LONGEST = 200;

    /**
     * Checks the reason, and cuts the instant to whole milliseconds.
     *
     * @param at when
     * @param by who
     * @param reason why
     * @throws InvalidRequest for the field {@code reason}, if the reason is neither empty nor a good text
     */
    public Revocation {
        Objects.requireNonNull(by);
        at = at.truncatedTo(ChronoUnit.MILLIS);
        if (!reason.isEmpty()) {
            Text.problem(reason, LONGEST).ifPresent(rule -> {
                throw new InvalidRequest("reason", rule);
            });
        }
    }
}
