package dev.keywright.spi;

import java.time.Duration;
import java.util.Objects;

/** Result of a write to many keys, whether or not any changed. */
public final class BulkWriteResult {

    private final long changed;
    private final long revision;
    private final Duration lease;

    private BulkWriteResult(long changed, long revision, Duration lease) {
        this.changed = changed;
        this.revision = revision;
        this.lease = Objects.requireNonNull(lease, "lease");
    }

    /**
     * Creates a result.
     *
     * @param changed the number of keys that this write changed or deleted
     * @param revision the revision that this write took
     * @param lease how long a caching node may answer without polling again, as in {@link WriteResult#lease}
     * @return the result
     */
    public static BulkWriteResult of(long changed, long revision, Duration lease) {
        return new BulkWriteResult(changed, revision, lease);
    }

    /**
     * Replaces the lease, for decorators of a store.
     *
     * @param other the lease
     * @return a new result
     */
    public BulkWriteResult withLease(Duration other) {
        return new BulkWriteResult(changed, revision, other);
    }

    /** {@return the number of keys that this write changed or deleted} */
    public long changed() {
        return changed;
    }

    /** {@return the revision that this write took} */
    public long revision() {
        return revision;
    }

    /** {@return how long a caching node may answer without polling again, as in {@link WriteResult#lease}} */
    public Duration lease() {
        return lease;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BulkWriteResult that
                && changed == that.changed
                && revision == that.revision
                && lease.equals(that.lease);
    }

    @Override
    public int hashCode() {
        return Objects.hash(changed, revision, lease);
    }

    @Override
    public String toString() {
        return "BulkWriteResult[changed=" + changed + ", revision=" + revision + ", lease=" + lease + "]";
    }
}
