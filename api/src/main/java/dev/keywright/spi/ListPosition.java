package dev.keywright.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * Position of a key in its tenant's list: ordered by time of creation, then by the revision of the insert. Unique.
 *
 * @param createdAt the time of creation
 * @param insertRevision the revision of the insert
 */
public record ListPosition(Instant createdAt, long insertRevision) {

    /**
     * Checks the parts.
     *
     * @param createdAt the time of creation
     * @param insertRevision the revision of the insert
     */
    public ListPosition {
        Objects.requireNonNull(createdAt);
    }
}
