package dev.keywright.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Result of a lookup: the key, and the store's revision, both read from one snapshot. A caller that has already seen a later
 * revision knows from it that the store answered from a state of the past, as a replica does that lags behind.
 *
 * @param key the key, in whatever state it is; empty where there is none
 * @param revision the last revision that was committed in the snapshot
 */
public record LookupSnapshot(Optional<StoredKey> key, long revision) {

    /**
     * Checks the parts.
     *
     * @param key the key
     * @param revision the revision
     */
    public LookupSnapshot {
        Objects.requireNonNull(key);
    }
}
