package dev.keywright.spi;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Answer of a store to a node that polls for changes. */
public final class Changes {

    private final long through;
    private final long head;
    private final Duration lease;
    private final List<KeyId> keys;
    private final List<TenantId> tenants;
    private final boolean inserted;

    private Changes(
            long through, long head, Duration lease, List<KeyId> keys, List<TenantId> tenants, boolean inserted) {
        this.through = through;
        this.head = head;
        this.lease = Objects.requireNonNull(lease, "lease");
        this.keys = List.copyOf(keys);
        this.tenants = List.copyOf(tenants);
        this.inserted = inserted;
    }

    /**
     * Creates a result.
     *
     * @param through the revision up to which the lists are complete: every change above the revision that the node
     *     has applied, up to this one, is listed
     * @param head the last revision committed; higher than {@link #through} only if the limit truncated the lists
     * @param lease how long the node may answer from its cache, counted from before the poll; zero if no node caches
     * @param keys the changed or deleted keys, perhaps with some that changed above {@code through}; a key that was inserted
     *     since, and not changed afterwards, may be missing
     * @param tenants the tenants of which one write changed or deleted any number of keys, perhaps with some above {@code through}
     * @param inserted whether a key was inserted; {@code true} if the store cannot tell
     * @return the result
     */
    public static Changes of(
            long through, long head, Duration lease, List<KeyId> keys, List<TenantId> tenants, boolean inserted) {
        return new Changes(through, head, lease, keys, tenants, inserted);
    }

    /**
     * Creates the answer for a node that has applied everything.
     *
     * @param head the last revision committed
     * @param lease the present lease
     * @return the answer
     */
    public static Changes none(long head, Duration lease) {
        return new Changes(head, head, lease, List.of(), List.of(), false);
    }

    /** {@return whether the limit truncated the lists, so that the node must poll again before it extends its lease} */
    public boolean isPartial() {
        return through < head;
    }

    /**
     * {@return the revision up to which the lists are complete: every change above the revision that the node has
     * applied, up to this one, is listed}
     */
    public long through() {
        return through;
    }

    /**
     * {@return the last revision committed; higher than {@link #through} only if the limit truncated the lists}
     */
    public long head() {
        return head;
    }

    /** {@return how long the node may answer from its cache, counted from before the poll; zero if no node caches} */
    public Duration lease() {
        return lease;
    }

    /**
     * {@return the changed or deleted keys; a key that was inserted since, and not changed afterwards, may be missing}
     */
    public List<KeyId> keys() {
        return keys;
    }

    /** {@return the tenants of which one write changed or deleted any number of keys} */
    public List<TenantId> tenants() {
        return tenants;
    }

    /** {@return whether a key was inserted; {@code true} if the store cannot tell} */
    public boolean inserted() {
        return inserted;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Changes that
                && through == that.through
                && head == that.head
                && lease.equals(that.lease)
                && keys.equals(that.keys)
                && tenants.equals(that.tenants)
                && inserted == that.inserted;
    }

    @Override
    public int hashCode() {
        return Objects.hash(through, head, lease, keys, tenants, inserted);
    }

    @Override
    public String toString() {
        return "Changes[through=" + through + ", head=" + head + ", lease=" + lease + ", keys=" + keys + ", tenants="
                + tenants + ", inserted=" + inserted + "]";
    }
}
