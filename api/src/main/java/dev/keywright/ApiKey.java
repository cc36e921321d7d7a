package dev.keywright;

import dev.keywright.internal.ValueAccess;
import dev.keywright.management.KeyChange;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key, as it was when it was read: never the secret, and never the digest.
 *
 * <p>Equal to another one that says the same in every respect. Serializable, so that a host can keep it in a session; what is
 * read is checked as what is built.
 */
public final class ApiKey implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    static {
        ValueAccess.install(new PackageAccess());
    }

    /** Whether a key works, and if not, why. */
    public enum State {
        /** It works. */
        ACTIVE,
        /** Its end has come. */
        EXPIRED,
        /** Somebody revoked it, before or after its end. */
        REVOKED
    }

    private final KeyId id;
    private final TenantId tenant;
    private final KeyName name;
    private final String hint;
    private final Scopes scopes;
    private final Instant createdAt;
    private final Actor createdBy;
    private final long version;
    private final @Nullable Instant expiresAt;
    private final @Nullable Duration lifetime;
    private final @Nullable Revocation revocation;
    private final @Nullable KeyId predecessor;
    private final @Nullable KeyId successor;
    private final @Nullable KeyUsage usage;

    private ApiKey(Builder b) {
        this.id = Objects.requireNonNull(b.id, "id");
        this.tenant = Objects.requireNonNull(b.tenant, "tenant");
        this.name = Objects.requireNonNull(b.name, "name");
        this.hint = Objects.requireNonNull(b.hint, "hint");
        this.scopes = Objects.requireNonNull(b.scopes, "scopes");
        this.createdAt = Objects.requireNonNull(b.createdAt, "createdAt").truncatedTo(ChronoUnit.MILLIS);
        this.createdBy = Objects.requireNonNull(b.createdBy, "createdBy");
        this.expiresAt = b.expiresAt == null ? null : b.expiresAt.truncatedTo(ChronoUnit.MILLIS);
        this.lifetime = b.lifetime == null ? null : b.lifetime.truncatedTo(ChronoUnit.MILLIS);
        this.version = b.version;
        this.revocation = b.revocation;
        this.predecessor = b.predecessor;
        this.successor = b.successor;
        this.usage = b.usage;
    }

    /** {@return a builder in which all must be set that every key has; the version is 1} */
    static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that has everything as it is here} */
    Builder toBuilder() {
        Builder b = new Builder().id(id).tenant(tenant).name(name).hint(hint).scopes(scopes);
        b.createdAt(createdAt)
                .createdBy(createdBy)
                .version(version)
                .expiresAt(expiresAt)
                .lifetime(lifetime)
                .revocation(revocation);
        return b.predecessor(predecessor).successor(successor).usage(usage);
    }

    @Serial
    private Object readResolve() {
        return toBuilder().build();
    }

    /** {@return the name by which the key is managed} */
    public KeyId id() {
        return id;
    }

    /** {@return whom the key belongs to} */
    public TenantId tenant() {
        return tenant;
    }

    /** {@return what people call the key} */
    public KeyName name() {
        return name;
    }

    /**
     * {@return the last characters of the key, by which its owner recognises it} Of a key that was issued here they are its
     * four check characters: under a pepper they tell nothing of what was drawn at random; without one they leave 124 bits
     * to guess. Of an imported one they are what the other system kept.
     */
    public String hint() {
        return hint;
    }

    /** {@return what the key may do} */
    public Scopes scopes() {
        return scopes;
    }

    /** {@return when the key was issued} */
    public Instant createdAt() {
        return createdAt;
    }

    /** {@return who issued the key} */
    public Actor createdBy() {
        return createdBy;
    }

    /**
     * {@return how often the key has been written: 1 when it was issued, and one more with each change, rotation and
     * revocation; its use is not counted here} What was read under one version can be {@linkplain KeyChange changed} as
     * long as it is the present one.
     */
    public long version() {
        return version;
    }

    /** {@return when the key ends by itself: it works a millisecond before, and not at it; empty where it goes on} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /**
     * {@return the lifetime that the key was issued with; empty where it was issued without an expiry} A rotation may let the key
     * expire earlier; its successor gets this lifetime again.
     */
    public Optional<Duration> lifetime() {
        return Optional.ofNullable(lifetime);
    }

    /** {@return that the key was revoked; empty where it was not} */
    public Optional<Revocation> revocation() {
        return Optional.ofNullable(revocation);
    }

    /** {@return the key that was rotated to this one; empty where this is not the product of a rotation} */
    public Optional<KeyId> predecessor() {
        return Optional.ofNullable(predecessor);
    }

    /** {@return the key that this one was rotated to; empty where it was not rotated} */
    public Optional<KeyId> successor() {
        return Optional.ofNullable(successor);
    }

    /**
     * {@return how the key has been used, as far as that has been written down; empty where it has not been used, and in
     * the result of a verification}
     */
    public Optional<KeyUsage> usage() {
        return Optional.ofNullable(usage);
    }

    /**
     * Whether the key works at an instant. A revocation is a fact, not a time: a revoked key is revoked at every instant.
     *
     * @param now the instant
     * @return the state
     */
    public State stateAt(Instant now) {
        if (revocation != null) {
            return State.REVOKED;
        }
        return expiresAt != null && !now.isBefore(expiresAt) ? State.EXPIRED : State.ACTIVE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKey that
                && id.equals(that.id)
                && tenant.equals(that.tenant)
                && name.equals(that.name)
                && hint.equals(that.hint)
                && scopes.equals(that.scopes)
                && createdAt.equals(that.createdAt)
                && createdBy.equals(that.createdBy)
                && version == that.version
                && Objects.equals(expiresAt, that.expiresAt)
                && Objects.equals(lifetime, that.lifetime)
                && Objects.equals(revocation, that.revocation)
                && Objects.equals(predecessor, that.predecessor)
                && Objects.equals(successor, that.successor)
                && Objects.equals(usage, that.usage);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** {@return id, tenant, hint and scopes; not the name, which anybody may have chosen} */
    @Override
    public String toString() {
        return "ApiKey[" + id + " of " + tenant + ", hint " + hint + ", " + scopes + "]";
    }

    /** Builder for stores, which obtain it from {@link dev.keywright.spi.StoredValues}. Not thread-safe. */
    public static final class Builder {

        private @Nullable KeyId id;
        private @Nullable TenantId tenant;
        private @Nullable KeyName name;
        private @Nullable String hint;
        private @Nullable Scopes scopes;
        private @Nullable Instant createdAt;
        private @Nullable Actor createdBy;
        private long version = 1;
        private @Nullable Instant expiresAt;
        private @Nullable Duration lifetime;
        private @Nullable Revocation revocation;
        private @Nullable KeyId predecessor;
        private @Nullable KeyId successor;
        private @Nullable KeyUsage usage;

        private Builder() {}

        /**
         * Sets the name by which the key is managed.
         *
         * @param id the id
         * @return this builder
         */
        public Builder id(KeyId id) {
            this.id = id;
            return this;
        }

        /**
         * Sets whom the key belongs to.
         *
         * @param tenant the tenant
         * @return this builder
         */
        public Builder tenant(TenantId tenant) {
            this.tenant = tenant;
            return this;
        }

        /**
         * Sets what people call the key.
         *
         * @param name the name
         * @return this builder
         */
        public Builder name(KeyName name) {
            this.name = name;
            return this;
        }

        /**
         * Sets the last characters of the key.
         *
         * @param hint the hint, in at most 16 characters; the caller is responsible for the limit
         * @return this builder
         */
        public Builder hint(String hint) {
            this.hint = hint;
            return this;
        }

        /**
         * Sets what the key may do.
         *
         * @param scopes the scopes
         * @return this builder
         */
        public Builder scopes(Scopes scopes) {
            this.scopes = scopes;
            return this;
        }

        /**
         * Sets when the key was issued.
         *
         * @param createdAt the instant
         * @return this builder
         */
        public Builder createdAt(Instant createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        /**
         * Sets who issued the key.
         *
         * @param createdBy who
         * @return this builder
         */
        public Builder createdBy(Actor createdBy) {
            this.createdBy = createdBy;
            return this;
        }

        /**
         * Sets how often the key has been written.
         *
         * @param version the version, 1 where this is not called
         * @return this builder
         */
        public Builder version(long version) {
            this.version = version;
            return this;
        }

        /**
         * Sets when the key ends by itself.
         *
         * @param expiresAt the instant; null where it goes on
         * @return this builder
         */
        public Builder expiresAt(@Nullable Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        /**
         * Sets the lifetime that the key was issued with.
         *
         * @param lifetime the lifetime; null where it was issued without an expiry
         * @return this builder
         */
        public Builder lifetime(@Nullable Duration lifetime) {
            this.lifetime = lifetime;
            return this;
        }

        /**
         * Sets that the key was revoked.
         *
         * @param revocation when, by whom and why; null where it was not
         * @return this builder
         */
        public Builder revocation(@Nullable Revocation revocation) {
            this.revocation = revocation;
            return this;
        }

        /**
         * Sets the key that was rotated to this one.
         *
         * @param predecessor the old key; null where there is none
         * @return this builder
         */
        public Builder predecessor(@Nullable KeyId predecessor) {
            this.predecessor = predecessor;
            return this;
        }

        /**
         * Sets the key that this one was rotated to.
         *
         * @param successor the new key; null where there is none
         * @return this builder
         */
        public Builder successor(@Nullable KeyId successor) {
            this.successor = successor;
            return this;
        }

        /**
         * Sets how the key has been used.
         *
         * @param usage its use; null where there is none, or none is known of
         * @return this builder
         */
        public Builder usage(@Nullable KeyUsage usage) {
            this.usage = usage;
            return this;
        }

        /**
         * Makes the key.
         *
         * @return the key
         * @throws NullPointerException naming the part, if one is not set that every key has
         */
        public ApiKey build() {
            return new ApiKey(this);
        }
    }
}
