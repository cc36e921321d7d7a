package dev.keywright;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * How a key has been used, as far as it has been written down: nodes gather uses and write them at intervals, so that this
 * can be an interval behind. What a node had gathered is lost where it is killed, and what a key was used for in the last
 * interval before it ended is not written down any more. A use is what a verification accepted, whatever the host then let
 * the key do.
 *
 * @param lastUsedAt when it was last accepted, in whole milliseconds, by the clock of the node that accepted it; where that
 *     node caches, up to a quarter of a second before
 * @param count how often it was accepted
 * @param scopes the scopes that it was accepted for. Only {@link KeyVerifier#verify(String, Scope)} says which: what a host
 *     lets a key do after it has asked {@link Verified#allows} alone is not known here
 */
public record KeyUsage(Instant lastUsedAt, long count, Set<Scope> scopes) implements Serializable {

    /**
     * Cuts the instant to whole milliseconds, and takes a copy of the scopes.
     *
     * @param lastUsedAt when it was last accepted
     * @param count how often, at least once
     * @param scopes for what
     * @throws IllegalArgumentException if the count is less than 1
     */
    public KeyUsage {
        if (count < 1) {
            throw new IllegalArgumentException("a key that was used was used at least once, not " + count + " times");
        }
        lastUsedAt = lastUsedAt.truncatedTo(ChronoUnit.MILLIS);
        scopes = Set.copyOf(scopes);
    }
}
