package dev.keywright.spi;

import dev.keywright.ApiKey;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key as stored: metadata, digest, and the revisions that the store assigned. Immutable; equality includes every part.
 */
public final class StoredKey {

    private final ApiKey key;
    private final Digest digest;
    private final PepperId pepper;
    private final @Nullable String importedAs;
    private final long insertRevision;
    private final long changeRevision;

    private StoredKey(
            ApiKey key,
            Digest digest,
            PepperId pepper,
            @Nullable String importedAs,
            long insertRevision,
            long changeRevision) {
        this.key = Objects.requireNonNull(key);
        this.digest = Objects.requireNonNull(digest);
        this.pepper = Objects.requireNonNull(pepper);
        this.importedAs = importedAs;
        this.insertRevision = insertRevision;
        this.changeRevision = changeRevision;
    }

    /**
     * Creates a key that is not stored yet.
     *
     * @param key the metadata
     * @param digest the digest of the text
     * @param pepper the pepper of the digest
     * @return the key, with revisions 0
     */
    public static StoredKey unsaved(ApiKey key, Digest digest, PepperId pepper) {
        return new StoredKey(key, digest, pepper, null, 0, 0);
    }

    /**
     * Marks the key as imported.
     *
     * @param prefix the prefix of the import format, 1 to 32 characters; a stored one may be longer
     * @return a new key
     * @throws IllegalArgumentException if the prefix is empty
     */
    public StoredKey imported(String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("prefix of an imported key must not be empty");
        }
        return new StoredKey(key, digest, pepper, prefix, insertRevision, changeRevision);
    }

    /**
     * Sets the revisions.
     *
     * @param insertRevision the revision of the insert
     * @param changeRevision the revision of the last change
     * @return a new key
     */
    public StoredKey revised(long insertRevision, long changeRevision) {
        return new StoredKey(key, digest, pepper, importedAs, insertRevision, changeRevision);
    }

    /**
     * Replaces the metadata.
     *
     * @param changed the new metadata
     * @param revision the revision of the change
     * @return a new key
     */
    public StoredKey changed(ApiKey changed, long revision) {
        return new StoredKey(changed, digest, pepper, importedAs, insertRevision, revision);
    }

    /** {@return the metadata} */
    public ApiKey key() {
        return key;
    }

    /** {@return the digest of the text} */
    public Digest digest() {
        return digest;
    }

    /** {@return the pepper of the digest} */
    public PepperId pepper() {
        return pepper;
    }

    /** {@return the prefix of the import format; empty for keys issued here} */
    public Optional<String> importedAs() {
        return Optional.ofNullable(importedAs);
    }

    /** {@return the position in the tenant's list} */
    public ListPosition position() {
        return new ListPosition(key.createdAt(), insertRevision);
    }

    /** {@return the revision of the insert, which orders keys created in the same millisecond} */
    public long insertRevision() {
        return insertRevision;
    }

    /** {@return the revision of the last change} */
    public long changeRevision() {
        return changeRevision;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredKey that
                && key.equals(that.key)
                && digest.equals(that.digest)
                && pepper.equals(that.pepper)
                && Objects.equals(importedAs, that.importedAs)
                && insertRevision == that.insertRevision
                && changeRevision == that.changeRevision;
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "StoredKey[" + key + ", revision " + changeRevision + "]";
    }
}
