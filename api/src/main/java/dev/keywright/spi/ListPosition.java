package dev.keywright.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * Where a key stands in a tenant's list: by the time of its creation, and among those of the same millisecond by the
 * revision at which it was inserted. No two keys stand at the same place.
 *
 * @param createdAt when the key was created
 * @param insertRevision the revision at which it was inserted
 */
public record ListPosition(Instant createdAt, long insertRevision) {

    /**
     * Takes the parts.
     *
     * @param createdAt when the key was created
     * @param insertRevision the revision at which it was inserted
     */
    public ListPosition {
        Objects.requireNonNull(createdAt);
    }
}
