package dev.keywright.spi;

import dev.keywright.ApiKey;
import java.util.Objects;

/**
 * A key as a store keeps it: what is known of it, its digest, and the revisions that the store gave it.
 *
 * <p>Equal to another one that says the same in every respect.
 */
public final class StoredKey {

    private final ApiKey key;
    private final Digest digest;
    private final PepperId pepper;
    private final long insertedAt;
    private final long changedAt;

    private StoredKey(ApiKey key, Digest digest, PepperId pepper, long insertedAt, long changedAt) {
        this.key = Objects.requireNonNull(key);
        this.digest = Objects.requireNonNull(digest);
        this.pepper = Objects.requireNonNull(pepper);
        this.insertedAt = insertedAt;
        this.changedAt = changedAt;
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
        return new StoredKey(key, digest, pepper, 0, 0);
    }

    /**
     * The same key with the revisions that a store gave it.
     *
     * @param insertedAt the revision at which it was inserted
     * @param changedAt the revision at which it last changed
     * @return the key as it is stored
     */
    public StoredKey revised(long insertedAt, long changedAt) {
        return new StoredKey(key, digest, pepper, insertedAt, changedAt);
    }

    /**
     * The same key, changed.
     *
     * @param changed what is now known of it
     * @param revision the revision at which it changed
     * @return the key as it is stored
     */
    public StoredKey changed(ApiKey changed, long revision) {
        return new StoredKey(changed, digest, pepper, insertedAt, revision);
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

    /** {@return the revision at which the key was inserted; it orders keys that were created in the same millisecond} */
    public long insertedAt() {
        return insertedAt;
    }

    /** {@return the revision at which the key last changed} */
    public long changedAt() {
        return changedAt;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredKey that
                && key.equals(that.key)
                && digest.equals(that.digest)
                && pepper.equals(that.pepper)
                && insertedAt == that.insertedAt
                && changedAt == that.changedAt;
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "StoredKey[" + key + ", revision " + changedAt + "]";
    }
}
