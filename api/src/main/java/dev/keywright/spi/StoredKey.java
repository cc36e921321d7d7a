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
    private final String prefix;
    private final boolean imported;
    private final @Nullable Digest issueRequest;
    private final long insertRevision;
    private final long changeRevision;

    private StoredKey(
            ApiKey key,
            Digest digest,
            PepperId pepper,
            String prefix,
            boolean imported,
            @Nullable Digest issueRequest,
            long insertRevision,
            long changeRevision) {
        this.key = Objects.requireNonNull(key);
        this.digest = Objects.requireNonNull(digest);
        this.pepper = Objects.requireNonNull(pepper);
        this.prefix = Objects.requireNonNull(prefix);
        this.imported = imported;
        this.issueRequest = issueRequest;
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("the prefix of a key must not be empty");
        }
        this.insertRevision = insertRevision;
        this.changeRevision = changeRevision;
    }

    /**
     * Creates a key that is not stored yet, issued here.
     *
     * @param key the metadata
     * @param digest the digest of the text
     * @param pepper the pepper of the digest
     * @param prefix the prefix of its format, not empty
     * @return the key, with revisions 0
     */
    public static StoredKey unsaved(ApiKey key, Digest digest, PepperId pepper, String prefix) {
        return new StoredKey(key, digest, pepper, prefix, false, null, 0, 0);
    }

    /**
     * Marks the key as imported.
     *
     * @param prefix the prefix of the import format, 1 to 32 characters; a stored one may be longer
     * @return a new key
     * @throws IllegalArgumentException if the prefix is empty
     */
    public StoredKey imported(String prefix) {
        return new StoredKey(key, digest, pepper, prefix, true, issueRequest, insertRevision, changeRevision);
    }

    /**
     * Sets the request for which the key is issued, by which a repeated request is recognized.
     *
     * @param request a digest of the tenant, the idempotency key of the request and, for own keys, the person; null if it has none
     * @return a new key
     */
    public StoredKey issuedFor(@Nullable Digest request) {
        return new StoredKey(key, digest, pepper, prefix, imported, request, insertRevision, changeRevision);
    }

    /**
     * Sets the revisions.
     *
     * @param insertRevision the revision of the insert
     * @param changeRevision the revision of the last change
     * @return a new key
     */
    public StoredKey revised(long insertRevision, long changeRevision) {
        return new StoredKey(key, digest, pepper, prefix, imported, issueRequest, insertRevision, changeRevision);
    }

    /**
     * Replaces the metadata.
     *
     * @param changed the new metadata
     * @param revision the revision of the change
     * @return a new key
     */
    public StoredKey changed(ApiKey changed, long revision) {
        return new StoredKey(changed, digest, pepper, prefix, imported, issueRequest, insertRevision, revision);
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

    /** {@return the prefix of the format} */
    public String prefix() {
        return prefix;
    }

    /** {@return whether the key was imported; otherwise it was issued here} */
    public boolean isImported() {
        return imported;
    }

    /** {@return the origin of the digest} */
    public DigestOrigin origin() {
        return new DigestOrigin(pepper, prefix, imported);
    }

    /** {@return the digest of the request for which the key was issued; empty if it had no idempotency key} */
    public Optional<Digest> issueRequest() {
        return Optional.ofNullable(issueRequest);
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
                && prefix.equals(that.prefix)
                && imported == that.imported
                && Objects.equals(issueRequest, that.issueRequest)
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
