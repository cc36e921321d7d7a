package dev.keywright.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a store answers to a write, also where nothing had to change.
 *
 * @param key the row as it now is, with its usage; empty where there is no such row
 * @param changed whether this write changed it
 * @param revision the revision that this write took
 * @param lease for how long a node that caches may answer without asking again; zero where nobody caches. Whoever wrote
 *     waits 1.25 times as long before they rely on every node following
 */
public record WriteResult(Optional<StoredKey> key, boolean changed, long revision, Duration lease) {

    /**
     * Takes the parts.
     *
     * @param key the key
     * @param changed whether this write changed it
     * @param revision the revision of this write
     * @param lease the lease
     */
    public WriteResult {
        Objects.requireNonNull(key);
        Objects.requireNonNull(lease);
    }
}
