package dev.keywright.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Result of a lookup: the key, and a revision of the store up to which it shows all writes. The revision reveals a stale answer,
 * for example from a lagging replica: it is lower than one that the caller has seen.
 */
public final class LookupSnapshot {

    private final Optional<StoredKey> key;
    private final long revision;

    private LookupSnapshot(Optional<StoredKey> key, long revision) {
        this.key = Objects.requireNonNull(key, "key");
        this.revision = revision;
    }

    /**
     * Creates a result.
     *
     * @param key the key, in whatever state it is; empty if there is none
     * @param revision the revision up to which the key shows all writes
     * @return the result
     */
    public static LookupSnapshot of(Optional<StoredKey> key, long revision) {
        return new LookupSnapshot(key, revision);
    }

    /** {@return the key, in whatever state it is; empty if there is none} */
    public Optional<StoredKey> key() {
        return key;
    }

    /** {@return the revision up to which the key shows all writes} */
    public long revision() {
        return revision;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LookupSnapshot that && key.equals(that.key) && revision == that.revision;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, revision);
    }

    @Override
    public String toString() {
        return "LookupSnapshot[key=" + key + ", revision=" + revision + "]";
    }
}
