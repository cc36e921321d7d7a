package dev.keywright.management;

import dev.keywright.AlreadyIssuedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scopes;
import dev.keywright.internal.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Request for a new key.
 *
 * <pre>{@code
 * NewKey.named("Reporting Script").allowing("read:people", "read:interviews").expiringAfter(Duration.ofDays(90))
 * }</pre>
 *
 * <p>Immutable: each method returns a new request. Without an expiry the default lifetime of the host applies, then its maximum
 * lifetime; if neither is set, the key does not expire.
 */
public final class NewKey {

    /** The last instant that every database and JSON reader can represent: a year of four digits. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    static final int MAX_DESCRIPTION_LENGTH = 1000;
    private static final int MAX_IDEMPOTENCY_KEY_LENGTH = 255;

    private final KeyName name;
    private final Scopes scopes;
    private @Nullable Duration lifetime;
    private @Nullable Instant expiry;
    private @Nullable String environment;
    private @Nullable KeyOwner owner;
    private @Nullable String description;
    private KeyAttributes attributes = KeyAttributes.NONE;
    private @Nullable String idempotencyKey;

    private NewKey(KeyName name, Scopes scopes) {
        this.name = name;
        this.scopes = scopes;
    }

    /** {@return a copy with one part changed; no request changes after a method has returned it} */
    private NewKey with(Consumer<NewKey> part) {
        NewKey copy = new NewKey(name, scopes);
        copy.lifetime = lifetime;
        copy.expiry = expiry;
        copy.environment = environment;
        copy.owner = owner;
        copy.description = description;
        copy.attributes = attributes;
        copy.idempotencyKey = idempotencyKey;
        part.accept(copy);
        return copy;
    }

    /** A request that lacks its scopes. A key without scopes cannot be requested. */
    public static final class Named {

        private final KeyName name;

        private Named(KeyName name) {
            this.name = name;
        }

        /**
         * Sets the scopes.
         *
         * @param scopes the scopes, as for {@link Scopes#of(String...)}
         * @return the request
         * @throws IllegalArgumentException if there is none, one twice, or one malformed
         */
        public NewKey allowing(String... scopes) {
            return allowing(Scopes.of(scopes));
        }

        /**
         * Sets the scopes.
         *
         * @param scopes the scopes
         * @return the request
         */
        public NewKey allowing(Scopes scopes) {
            return new NewKey(name, Objects.requireNonNull(scopes));
        }
    }

    /**
     * Starts a request with the name of the key.
     *
     * @param name the name, as for {@link KeyName#of}
     * @return the request, which lacks its scopes
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters
     */
    public static Named named(String name) {
        return named(KeyName.of(name));
    }

    /**
     * Starts a request with the name of the key.
     *
     * @param name the name
     * @return the request, which lacks its scopes
     */
    public static Named named(KeyName name) {
        return new Named(Objects.requireNonNull(name));
    }

    /**
     * Sets the lifetime of the key.
     *
     * @param lifetime how long the key is valid after issue; at least 1 ms
     * @return the request; replaces any earlier expiry
     * @throws IllegalArgumentException if the lifetime is shorter than 1 ms
     */
    public NewKey expiringAfter(Duration lifetime) {
        if (lifetime.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("lifetime must be at least 1 ms, was " + lifetime);
        }
        return with(copy -> {
            copy.lifetime = lifetime;
            copy.expiry = null;
        });
    }

    /**
     * Sets the expiry of the key.
     *
     * @param expiry the first instant at which the key is expired; truncated to milliseconds
     * @return the request; replaces any earlier expiry
     */
    public NewKey expiringAt(Instant expiry) {
        return with(copy -> {
            copy.lifetime = null;
            copy.expiry = expiry.truncatedTo(ChronoUnit.MILLIS);
        });
    }

    /**
     * Sets the environment: the key is issued under the format of the host that has it.
     *
     * @param environment the name of the environment, for example {@code test}
     * @return the request; without an environment, the key is issued under the first format of the host
     */
    public NewKey environment(String environment) {
        return with(copy -> copy.environment = Objects.requireNonNull(environment));
    }

    /**
     * Sets the owner of the key.
     *
     * @param owner the owner
     * @return the request
     */
    public NewKey ownedBy(KeyOwner owner) {
        return with(copy -> copy.owner = Objects.requireNonNull(owner));
    }

    /**
     * Describes the key, for people.
     *
     * @param description 1 to 1,000 characters, not blank, without control characters
     * @return the request
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters, line breaks or lone surrogates
     */
    public NewKey describedAs(String description) {
        Text.require("description", description, MAX_DESCRIPTION_LENGTH);
        return with(copy -> copy.description = description);
    }

    /**
     * Sets the attributes of the key, which every verification returns.
     *
     * @param attributes the attributes
     * @return the request; replaces any earlier attributes
     */
    public NewKey attributes(KeyAttributes attributes) {
        return with(copy -> copy.attributes = Objects.requireNonNull(attributes));
    }

    /**
     * Makes the request idempotent: for a day after a key was issued, another request of the tenant with the same idempotency key
     * issues nothing, and fails with {@link AlreadyIssuedException}, whatever its other parts are, as long as they are valid. If
     * that key is purged meanwhile, the idempotency key is forgotten. The store keeps a digest of it. Requests for {@linkplain
     * dev.keywright.ApiKeys#ownKeysOf own keys} are kept apart for each person.
     *
     * @param idempotencyKey 1 to 255 characters, not blank, without control characters; best a random UUID
     * @return the request
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters, line breaks or lone surrogates
     */
    public NewKey idempotencyKey(String idempotencyKey) {
        Text.require("idempotency key", idempotencyKey, MAX_IDEMPOTENCY_KEY_LENGTH);
        return with(copy -> copy.idempotencyKey = idempotencyKey);
    }

    /** {@return the name of the key} */
    public KeyName name() {
        return name;
    }

    /** {@return the scopes of the key} */
    public Scopes scopes() {
        return scopes;
    }

    /** {@return the environment; empty for the first format of the host} */
    public Optional<String> environment() {
        return Optional.ofNullable(environment);
    }

    /** {@return the owner of the key; empty if there is none} */
    public Optional<KeyOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /** {@return the description; empty if there is none} */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    /** {@return the attributes; may be empty} */
    public KeyAttributes attributes() {
        return attributes;
    }

    /** {@return the idempotency key; empty if the request is not idempotent} */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /**
     * Returns the expiry of the key for a time of issue.
     *
     * @param issuedAt the time of issue
     * @return the expiry; empty if this request sets none
     * @throws InvalidRequestException for the field {@code expiresAt}, if the expiry is not after the time of issue, or is after the
     *     year 9999
     */
    public Optional<Instant> expiresAt(Instant issuedAt) {
        Instant at;
        if (expiry != null) {
            at = expiry;
        } else if (lifetime != null) {
            boolean tooLong = lifetime.compareTo(Duration.between(issuedAt, LATEST)) > 0;
            at = tooLong ? Instant.MAX : issuedAt.plus(lifetime).truncatedTo(ChronoUnit.MILLIS);
        } else {
            return Optional.empty();
        }
        if (!at.isAfter(issuedAt)) {
            throw new InvalidRequestException(Field.EXPIRES_AT, "must lie in the future");
        }
        if (at.isAfter(LATEST)) {
            throw new InvalidRequestException(Field.EXPIRES_AT, "must not lie after the year 9999");
        }
        return Optional.of(at);
    }
}
