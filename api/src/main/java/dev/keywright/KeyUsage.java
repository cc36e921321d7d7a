package dev.keywright;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Recorded usage of a key. Nodes buffer usage and record it at intervals, so that it may be one interval behind. The buffer
 * of a killed node is lost. A use is a successful verification, whatever the host then allows the key to do.
 *
 * @param lastUsedAt the time of the last use, in whole milliseconds of the clock of the node that verified the key; on a
 *     caching node up to a quarter of a second early
 * @param count the number of uses
 * @param scopes the scopes that were required by {@link KeyVerifier#verify(String, Scope)}; checks by {@link
 *     Verified#allows} are not recorded
 */
public record KeyUsage(Instant lastUsedAt, long count, Set<Scope> scopes) implements Serializable {

    /**
     * Truncates the instant to milliseconds, and copies the scopes.
     *
     * @param lastUsedAt the time of the last use
     * @param count the number of uses, at least 1
     * @param scopes the used scopes
     * @throws IllegalArgumentException if the count is less than 1
     */
    public KeyUsage {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, was " + count);
        }
        lastUsedAt = lastUsedAt.truncatedTo(ChronoUnit.MILLIS);
        scopes = Set.copyOf(scopes);
    }
}
