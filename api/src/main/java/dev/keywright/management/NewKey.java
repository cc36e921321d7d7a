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
 * What somebody asks for when they want a key issued.
 *
 * <pre>{@code
 * NewKey.named("Reporting Script").allowing("read:people", "read:interviews").endingAfter(Duration.ofDays(90))
 * }</pre>
 *
 * <p>Each method gives a new request. Where it does not say when the key ends, the host's lifetimes count, if it has set
 * any; else the key goes on until it is revoked.
 */
public final class NewKey {

    /** The last instant that every database and JSON reader can take: a year of four digits. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final KeyName name;
    private final Scopes scopes;
    private final @Nullable Duration lifetime;
    private final @Nullable Instant end;

    private NewKey(KeyName name, Scopes scopes, @Nullable Duration lifetime, @Nullable Instant end) {
        this.name = name;
        this.scopes = scopes;
        this.lifetime = lifetime;
        this.end = end;
    }

    /** A name that waits for its scopes: a key without scopes cannot be asked for. */
    public static final class Named {

        private final KeyName name;

        private Named(KeyName name) {
            this.name = name;
        }

        /**
         * Says what the key may do.
         *
         * @param scopes as {@link Scopes#of(String...)} takes them
         * @return the request
         * @throws IllegalArgumentException if there is none, one twice, or one malformed
         */
        public NewKey allowing(String... scopes) {
            return allowing(Scopes.of(scopes));
        }

        /**
         * Says what the key may do.
         *
         * @param scopes the scopes
         * @return the request
         */
        public NewKey allowing(Scopes scopes) {
            return new NewKey(name, Objects.requireNonNull(scopes), null, null);
        }
    }

    /**
     * Says what people will call the key.
     *
     * @param name as {@link KeyName#of} takes it
     * @return the name, which waits for its scopes
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters
     */
    public static Named named(String name) {
        return named(KeyName.of(name));
    }

    /**
     * Says what people will call the key.
     *
     * @param name the name
     * @return the name, which waits for its scopes
     */
    public static Named named(KeyName name) {
        return new Named(Objects.requireNonNull(name));
    }

    /**
     * Lets the key end by itself some time after it is issued.
     *
     * @param lifetime how long it works, at least a millisecond
     * @return the request, in which this replaces any end said before
     * @throws IllegalArgumentException if the time is shorter than a millisecond
     */
    public NewKey expiringAfter(Duration lifetime) {
        if (lifetime.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("lifetime must be at least 1 ms, was " + lifetime);
        }
        return new NewKey(name, scopes, lifetime, null);
    }

    /**
     * Lets the key end by itself at an instant: it works a millisecond before, and not at it.
     *
     * @param end when it ends, in whole milliseconds
     * @return the request, in which this replaces any end said before
     */
    public NewKey expiringAt(Instant end) {
        return new NewKey(name, scopes, null, end.truncatedTo(ChronoUnit.MILLIS));
    }

    /** {@return what people will call the key} */
    public KeyName name() {
        return name;
    }

    /** {@return what the key may do} */
    public Scopes scopes() {
        return scopes;
    }

    /**
     * When the key ends, if it is issued at an instant.
     *
     * @param issuedAt when it is issued
     * @return its end; empty where it goes on until it is revoked
     * @throws InvalidRequestException for the field {@code expiresAt}, if the end is not after that instant, or after the year 9999
     */
    public Optional<Instant> expiresAt(Instant issuedAt) {
        Instant at;
        if (end != null) {
            at = end;
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
