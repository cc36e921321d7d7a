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
 * Snapshot of a key's metadata, without secret and digest. Immutable.
 *
 * <p>Equality includes every part. Serializable, so that a host can keep it in a session; deserialization applies the rules
 * of the builder. Keys are created by core and stores; the module system enforces it, the class path does not.
 */
public final class ApiKey implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    static {
        ValueAccess.install(new PackageAccess());
    }

    /** States of a key. */
    public enum State {
        /** Neither revoked nor expired. */
        ACTIVE,
        /** Expired, and not revoked. */
        EXPIRED,
        /** Revoked, before or after its expiry. */
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
    private final @Nullable Suspension suspension;
    private final @Nullable KeyId predecessor;
    private final @Nullable KeyId successor;
    private final @Nullable String environment;
    private final @Nullable KeyOwner owner;
    private final @Nullable String description;
    private final KeyAttributes attributes;
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
        this.suspension = b.suspension;
        this.predecessor = b.predecessor;
        this.successor = b.successor;
        this.environment = b.environment;
        this.owner = b.owner;
        this.description = b.description;
        this.attributes = Objects.requireNonNull(b.attributes, "attributes");
        this.usage = b.usage;
    }

    /** {@return a builder in which every mandatory part is unset, and the version is 1} */
    static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with all parts of this key} */
    Builder toBuilder() {
        Builder b = new Builder().id(id).tenant(tenant).name(name).hint(hint).scopes(scopes);
        b.createdAt(createdAt)
                .createdBy(createdBy)
                .version(version)
                .expiresAt(expiresAt)
                .lifetime(lifetime)
                .revocation(revocation)
                .suspension(suspension);
        b.environment(environment).owner(owner).description(description).attributes(attributes);
        return b.predecessor(predecessor).successor(successor).usage(usage);
    }

    @Serial
    private Object readResolve() {
        return toBuilder().build();
    }

    /** {@return the id by which the key is managed} */
    public KeyId id() {
        return id;
    }

    /** {@return the tenant that the key belongs to} */
    public TenantId tenant() {
        return tenant;
    }

    /** {@return the name that people gave the key} */
    public KeyName name() {
        return name;
    }

    /**
     * {@return the last characters of the key, by which its owner recognizes it} For a key issued here these are the four
     * check characters: under a pepper they reveal nothing of the random part; without one they leave 124 bits to guess. For
     * an imported key they are the hint that the other system kept.
     */
    public String hint() {
        return hint;
    }

    /** {@return the scopes of the key} */
    public Scopes scopes() {
        return scopes;
    }

    /** {@return the time of issue} */
    public Instant createdAt() {
        return createdAt;
    }

    /** {@return the actor that issued the key} */
    public Actor createdBy() {
        return createdBy;
    }

    /**
     * {@return the version: 1 at issue, incremented by each change, rotation, suspension, resumption and revocation, but not by
     * usage} A {@linkplain KeyChange change} succeeds only if it names the present version.
     */
    public long version() {
        return version;
    }

    /** {@return the first instant at which the key is expired; empty if it does not expire} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /**
     * {@return the lifetime at issue; empty if the key was issued without an expiry} A rotation may make the key expire
     * earlier; its successor gets this lifetime again.
     */
    public Optional<Duration> lifetime() {
        return Optional.ofNullable(lifetime);
    }

    /** {@return the revocation; empty if the key is not revoked} */
    public Optional<Revocation> revocation() {
        return Optional.ofNullable(revocation);
    }

    /** {@return the suspension; empty if the key is not suspended} */
    public Optional<Suspension> suspension() {
        return Optional.ofNullable(suspension);
    }

    /** {@return the environment of the format under which the key was issued, for example {@code test}; empty if it has none} */
    public Optional<String> environment() {
        return Optional.ofNullable(environment);
    }

    /** {@return the person or service that owns the key; empty if the key belongs to its tenant only} */
    public Optional<KeyOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /** {@return the description, for people; empty if there is none} */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    /** {@return the attributes that the host keeps with the key; may be empty} */
    public KeyAttributes attributes() {
        return attributes;
    }

    /** {@return the key that this one replaced in a rotation; empty if there is none} */
    public Optional<KeyId> predecessor() {
        return Optional.ofNullable(predecessor);
    }

    /** {@return the key that replaced this one in a rotation; empty if there is none} */
    public Optional<KeyId> successor() {
        return Optional.ofNullable(successor);
    }

    /**
     * {@return the recorded usage; empty if there is none, and in the outcome of a verification}
     */
    public Optional<KeyUsage> usage() {
        return Optional.ofNullable(usage);
    }

    /**
     * Returns the state at an instant. A revoked key is revoked at every instant, also before its revocation. A suspended key
     * stays active: it counts against the limit of active keys, is listed with them, and can be changed, but every verification
     * rejects it.
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
                && Objects.equals(suspension, that.suspension)
                && Objects.equals(environment, that.environment)
                && Objects.equals(owner, that.owner)
                && Objects.equals(description, that.description)
                && attributes.equals(that.attributes)
                && Objects.equals(predecessor, that.predecessor)
                && Objects.equals(successor, that.successor)
                && Objects.equals(usage, that.usage);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** {@return id, tenant, hint and scopes, without the name, which is untrusted text} */
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
        private @Nullable Suspension suspension;
        private @Nullable String environment;
        private @Nullable KeyOwner owner;
        private @Nullable String description;
        private KeyAttributes attributes = KeyAttributes.NONE;
        private @Nullable KeyId predecessor;
        private @Nullable KeyId successor;
        private @Nullable KeyUsage usage;

        private Builder() {}

        /**
         * Sets the id.
         *
         * @param id the id
         * @return this builder
         */
        public Builder id(KeyId id) {
            this.id = id;
            return this;
        }

        /**
         * Sets the tenant.
         *
         * @param tenant the tenant
         * @return this builder
         */
        public Builder tenant(TenantId tenant) {
            this.tenant = tenant;
            return this;
        }

        /**
         * Sets the name.
         *
         * @param name the name
         * @return this builder
         */
        public Builder name(KeyName name) {
            this.name = name;
            return this;
        }

        /**
         * Sets the hint.
         *
         * @param hint the hint, at most 16 characters; the caller checks the limit
         * @return this builder
         */
        public Builder hint(String hint) {
            this.hint = hint;
            return this;
        }

        /**
         * Sets the scopes.
         *
         * @param scopes the scopes
         * @return this builder
         */
        public Builder scopes(Scopes scopes) {
            this.scopes = scopes;
            return this;
        }

        /**
         * Sets the time of issue.
         *
         * @param createdAt the instant
         * @return this builder
         */
        public Builder createdAt(Instant createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        /**
         * Sets the actor that issued the key.
         *
         * @param createdBy the actor
         * @return this builder
         */
        public Builder createdBy(Actor createdBy) {
            this.createdBy = createdBy;
            return this;
        }

        /**
         * Sets the version.
         *
         * @param version the version; 1 by default
         * @return this builder
         */
        public Builder version(long version) {
            this.version = version;
            return this;
        }

        /**
         * Sets the expiry.
         *
         * @param expiresAt the first instant at which the key is expired; null if it does not expire
         * @return this builder
         */
        public Builder expiresAt(@Nullable Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        /**
         * Sets the lifetime at issue.
         *
         * @param lifetime the lifetime; null if the key was issued without an expiry
         * @return this builder
         */
        public Builder lifetime(@Nullable Duration lifetime) {
            this.lifetime = lifetime;
            return this;
        }

        /**
         * Sets the revocation.
         *
         * @param revocation the revocation; null if the key is not revoked
         * @return this builder
         */
        public Builder revocation(@Nullable Revocation revocation) {
            this.revocation = revocation;
            return this;
        }

        /**
         * Sets the suspension.
         *
         * @param suspension the suspension; null if the key is not suspended
         * @return this builder
         */
        public Builder suspension(@Nullable Suspension suspension) {
            this.suspension = suspension;
            return this;
        }

        /**
         * Sets the environment.
         *
         * @param environment the environment; null if there is none
         * @return this builder
         */
        public Builder environment(@Nullable String environment) {
            this.environment = environment;
            return this;
        }

        /**
         * Sets the owner.
         *
         * @param owner the owner; null if there is none
         * @return this builder
         */
        public Builder owner(@Nullable KeyOwner owner) {
            this.owner = owner;
            return this;
        }

        /**
         * Sets the description.
         *
         * @param description the description; null if there is none
         * @return this builder
         */
        public Builder description(@Nullable String description) {
            this.description = description;
            return this;
        }

        /**
         * Sets the attributes.
         *
         * @param attributes the attributes; none by default
         * @return this builder
         */
        public Builder attributes(KeyAttributes attributes) {
            this.attributes = attributes;
            return this;
        }

        /**
         * Sets the key that this one replaced in a rotation.
         *
         * @param predecessor the id of the old key; null if there is none
         * @return this builder
         */
        public Builder predecessor(@Nullable KeyId predecessor) {
            this.predecessor = predecessor;
            return this;
        }

        /**
         * Sets the key that replaced this one in a rotation.
         *
         * @param successor the id of the new key; null if there is none
         * @return this builder
         */
        public Builder successor(@Nullable KeyId successor) {
            this.successor = successor;
            return this;
        }

        /**
         * Sets the usage.
         *
         * @param usage the usage; null if there is none
         * @return this builder
         */
        public Builder usage(@Nullable KeyUsage usage) {
            this.usage = usage;
            return this;
        }

        /**
         * Builds the key.
         *
         * @return the key
         * @throws NullPointerException if a mandatory part is not set; the message names the part
         */
        public ApiKey build() {
            return new ApiKey(this);
        }
    }
}
