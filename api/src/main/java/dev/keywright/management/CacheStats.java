package dev.keywright.management;

import java.time.Duration;
import java.util.Objects;

/**
 * How the cache of one node is doing. Counts begin when it was built, and each was read by itself, a moment after the other.
 *
 * @param leaseLeft for how long it may still answer without having asked what was written; zero where it may not, so that each
 *     verification is a look-up
 * @param revision the revision up to which it knows what was written; 0 before the first poll
 * @param keys how many keys it remembers
 * @param hits how many verifications it has answered
 * @param misses how many it could have answered, and had to look up
 * @param readThroughs how many it might not answer
 * @param refusedFills how many lookups it did not cache, since their key or its tenant was written meanwhile, or everything was
 *     flushed
 * @param staleLookups how many lookups were answered from a state older than the one it has applied, and refused: the data
 *     source leads to a replica that lags behind
 * @param flushes how often it has forgotten everything
 * @param lapses how often its lease had run out when it had polled; also before its first poll
 * @param failedPolls how many polls have failed
 * @param lastPoll how long the last poll took that was answered; zero before the first
 */
public record CacheStats(
        Duration leaseLeft,
        long revision,
        int keys,
        long hits,
        long misses,
        long readThroughs,
        long refusedFills,
        long staleLookups,
        long flushes,
        long lapses,
        long failedPolls,
        Duration lastPoll) {

    /**
     * Takes the parts.
     *
     * @param leaseLeft what is left of the lease
     * @param revision the revision applied
     * @param keys how many keys
     * @param hits how many hits
     * @param misses how many misses
     * @param readThroughs how many read-throughs
     * @param refusedFills how many refused fills
     * @param staleLookups how many stale lookups
     * @param flushes how many flushes
     * @param lapses how many lapses
     * @param failedPolls how many failed polls
     * @param lastPoll how long the last poll took
     */
    public CacheStats {
        Objects.requireNonNull(leaseLeft);
        Objects.requireNonNull(lastPoll);
    }
}
