package dev.keywright.spi;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Answer of a store to a node that polls for changes. All of it comes from one snapshot.
 *
 * @param through the revision up to which the lists are complete: every change above the revision that the node has applied, and
 *     not above this one, is listed
 * @param head the last revision that was committed in the snapshot; above {@code through} only where the limit cut the lists
 *     off
 * @param lease how long the node may answer from its cache, counted from the moment before it polled; zero where no node caches
 * @param keys keys that were changed or deleted; a key that was inserted since, and not changed after that, need not be listed
 * @param tenants tenants of which any number of keys were changed or deleted by one write
 * @param inserted whether a key was inserted; {@code true} where the store cannot tell
 */
public record Changes(
        long through, long head, Duration lease, List<KeyId> keys, List<TenantId> tenants, boolean inserted) {

    /**
     * Checks the parts, and copies the lists.
     *
     * @param through the revision up to which the lists are complete
     * @param head the last revision
     * @param lease the lease
     * @param keys the keys
     * @param tenants the tenants
     * @param inserted whether a key was inserted
     */
    public Changes {
        Objects.requireNonNull(lease);
        keys = List.copyOf(keys);
        tenants = List.copyOf(tenants);
    }

    /** {@return whether the limit cut the lists off, so that the node must poll again before it may extend its lease} */
    public boolean isPartial() {
        return through < head;
    }
}
