package dev.keywright.spi;

import dev.keywright.ApiKey;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key as a store keeps it: what is known of it, its digest, and the revisions that the store gave it.
 *
 * <p>Equal to another one that says the same in every respect.
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
     * A key that no store has yet.
     *
     * @param key what is known of it
     * @param digest what stands for its text
     * @param pepper what the digest was made with
     * @return the key, with revision 0
     */
    public static StoredKey unsaved(ApiKey key, Digest digest, PepperId pepper) {
        return new StoredKey(key, digest, pepper, null, 0, 0);
    }

    /**
     * The same key as one that was not issued here.
     *
     * @param prefix what the texts of its format begin with: not empty, and at most 32 characters where it is written
     * @return the key, as imported
     * @throws IllegalArgumentException if the prefix is empty
     */
    public StoredKey imported(String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("the prefix of an imported key must not be empty");
        }
        return new StoredKey(key, digest, pepper, prefix, insertRevision, changeRevision);
    }

    /**
     * The same key with the revisions that a store gave it.
     *
     * @param insertRevision the revision at which it was inserted
     * @param changeRevision the revision at which it last changed
     * @return the key as it is stored
     */
    public StoredKey revised(long insertRevision, long changeRevision) {
        return new StoredKey(key, digest, pepper, importedAs, insertRevision, changeRevision);
    }

    /**
     * The same key, changed.
     *
     * @param changed what is now known of it
     * @param revision the revision at which it changed
     * @return the key as it is stored
     */
    public StoredKey changed(ApiKey changed, long revision) {
        return new StoredKey(changed, digest, pepper, importedAs, insertRevision, revision);
    }

    /** {@return what is known of the key} */
    public ApiKey key() {
        return key;
    }

    /** {@return what stands for the key's text} */
    public Digest digest() {
        return digest;
    }

    /** {@return what the digest was made with} */
    public PepperId pepper() {
        return pepper;
    }

    /** {@return the prefix of the format that the key was imported with; empty where it was issued here} */
    public Optional<String> importedAs() {
        return Optional.ofNullable(importedAs);
    }

    /** {@return where the key stands in its tenant's list} */
    public ListPosition position() {
        return new ListPosition(key.createdAt(), insertRevision);
    }

    /** {@return the revision at which the key was inserted; it orders keys that were created in the same millisecond} */
    public long insertRevision() {
        return insertRevision;
    }

    /** {@return the revision at which the key last changed} */
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
