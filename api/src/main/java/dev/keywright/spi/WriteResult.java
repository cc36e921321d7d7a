package dev.keywright.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Result of a write to one key, whether or not the key changed. */
public final class WriteResult {

    private final Optional<StoredKey> key;
    private final boolean changed;
    private final long revision;
    private final Duration lease;

    private WriteResult(Optional<StoredKey> key, boolean changed, long revision, Duration lease) {
        this.key = Objects.requireNonNull(key, "key");
        this.changed = changed;
        this.revision = revision;
        this.lease = Objects.requireNonNull(lease, "lease");
    }

    /**
     * Creates the result of a write that changed or inserted the row.
     *
     * @param key the row after the write, with its usage
     * @param revision the revision that this write took
     * @param lease the present lease; zero if no node caches
     * @return the result
     */
    public static WriteResult changed(StoredKey key, long revision, Duration lease) {
        return new WriteResult(Optional.of(key), true, revision, lease);
    }

    /**
     * Creates the result of a write that changed nothing.
     *
     * @param key the row as it is, with its usage; empty if there is no such row
     * @param revision the revision that this write took nevertheless
     * @param lease the present lease; zero if no node caches
     * @return the result
     */
    public static WriteResult unchanged(Optional<StoredKey> key, long revision, Duration lease) {
        return new WriteResult(key, false, revision, lease);
    }

    /**
     * Replaces the lease, for decorators of a store.
     *
     * @param other the lease
     * @return a new result
     */
    public WriteResult withLease(Duration other) {
        return new WriteResult(key, changed, revision, other);
    }

    /** {@return the row after the write, with its usage; empty if there is no such row} */
    public Optional<StoredKey> key() {
        return key;
    }

    /** {@return whether this write changed the row} */
    public boolean changed() {
        return changed;
    }

    /** {@return the revision that this write took} */
    public long revision() {
        return revision;
    }

    /**
     * {@return how long a caching node may answer without polling again; zero if no node caches. A writer waits 1.25
     * times the lease before it relies on every node having applied the write}
     */
    public Duration lease() {
        return lease;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WriteResult that
                && key.equals(that.key)
                && changed == that.changed
                && revision == that.revision
                && lease.equals(that.lease);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, changed, revision, lease);
    }

    @Override
    public String toString() {
        return "WriteResult[key=" + key + ", changed=" + changed + ", revision=" + revision + ", lease=" + lease + "]";
    }
}
