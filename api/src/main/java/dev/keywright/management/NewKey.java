package dev.keywright.management;

import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
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

    private final KeyName name;
    private final Scopes scopes;
    private final @Nullable Duration lifetime;
    private final @Nullable Instant expiry;

    private NewKey(KeyName name, Scopes scopes, @Nullable Duration lifetime, @Nullable Instant expiry) {
        this.name = name;
        this.scopes = scopes;
        this.lifetime = lifetime;
        this.expiry = expiry;
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
            return new NewKey(name, Objects.requireNonNull(scopes), null, null);
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
        return new NewKey(name, scopes, lifetime, null);
    }

    /**
     * Sets the expiry of the key.
     *
     * @param expiry the first instant at which the key is expired; truncated to milliseconds
     * @return the request; replaces any earlier expiry
     */
    public NewKey expiringAt(Instant expiry) {
        return new NewKey(name, scopes, null, expiry.truncatedTo(ChronoUnit.MILLIS));
    }

    /** {@return the name of the key} */
    public KeyName name() {
        return name;
    }

    /** {@return the scopes of the key} */
    public Scopes scopes() {
        return scopes;
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
