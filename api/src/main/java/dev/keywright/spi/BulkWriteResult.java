package dev.keywright.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What a store answers to a write of many keys, also where nothing had to change.
 *
 * @param changed how many keys this write changed, or removed
 * @param revision the revision that this write took
 * @param lease for how long a node that caches may answer without asking again, as in {@link WriteResult}
 */
public record BulkWriteResult(long changed, long revision, Duration lease) {

    /**
     * Takes the parts.
     *
     * @param changed how many
     * @param revision the revision of this write
     * @param lease the lease
     */
    public BulkWriteResult {
        Objects.requireNonNull(lease);
    }
}
