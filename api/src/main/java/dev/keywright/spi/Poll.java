package dev.keywright.spi;

import dev.keywright.KeyId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a store answers to a node that asks what was written.
 *
 * @param revision the last revision that was taken
 * @param floor the last revision of a write that touched many keys, or removed some: whoever has not applied it cannot know
 *     which
 * @param lease for how long the node may answer from its cache, from the moment before it asked; zero where nobody caches
 * @param changed keys that are there and were inserted or changed above the revision that the node has applied; where they
 *     are as many as it wanted to hear of, there may be more
 */
public record Poll(long revision, long floor, Duration lease, List<KeyId> changed) {

    /**
     * Takes the parts, and a copy of the list.
     *
     * @param revision the last revision
     * @param floor the floor
     * @param lease the lease
     * @param changed the keys
     */
    public Poll {
        Objects.requireNonNull(lease);
        changed = List.copyOf(changed);
    }
}
