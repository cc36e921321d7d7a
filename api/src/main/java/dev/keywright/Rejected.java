package dev.keywright;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of a verification that failed, with its reason.
 *
 * <p>The reason is for the host's logs and support desk. Clients learn only that the key is invalid, or which scope it
 * lacks. They MUST NOT learn whether the key ever existed, was revoked or suspended, or has expired.
 *
 * <p>Only core creates outcomes; the module system enforces it, the class path does not.
 */
public final class Rejected implements Verification {

    /** Reasons for a rejection. */
    public enum Reason {
        /** The text does not have the shape of a key, or its check characters do not match. No lookup was made. */
        MALFORMED,
        /** The text has the shape of a key, but no such key exists. */
        UNKNOWN,
        /** The key is revoked. */
        REVOKED,
        /** The key has expired. */
        EXPIRED,
        /** The key is suspended. */
        SUSPENDED,
        /** The key is active, but lacks the required scope. */
        MISSING_SCOPE
    }

    private static final Rejected MALFORMED = new Rejected(Reason.MALFORMED, null, null);
    private static final Rejected UNKNOWN = new Rejected(Reason.UNKNOWN, null, null);

    private final Reason reason;
    private final @Nullable ApiKey key;
    private final @Nullable Scope missingScope;

    private Rejected(Reason reason, @Nullable ApiKey key, @Nullable Scope missingScope) {
        this.reason = reason;
        this.key = key;
        this.missingScope = missingScope;
    }

    /** {@return the outcome for a text without the shape of a key} */
    static Rejected malformed() {
        return MALFORMED;
    }

    /** {@return the outcome for a key that does not exist} */
    static Rejected unknown() {
        return UNKNOWN;
    }

    /**
     * Returns the outcome for a revoked key.
     *
     * @param key the key
     * @return the outcome
     */
    static Rejected revoked(ApiKey key) {
        return new Rejected(Reason.REVOKED, Objects.requireNonNull(key), null);
    }

    /**
     * Returns the outcome for an expired key.
     *
     * @param key the key
     * @return the outcome
     */
    static Rejected expired(ApiKey key) {
        return new Rejected(Reason.EXPIRED, Objects.requireNonNull(key), null);
    }

    /**
     * Returns the outcome for a suspended key.
     *
     * @param key the key
     * @return the outcome
     */
    static Rejected suspended(ApiKey key) {
        return new Rejected(Reason.SUSPENDED, Objects.requireNonNull(key), null);
    }

    /**
     * Returns the outcome for a key that lacks a scope.
     *
     * @param key the key
     * @param missing the required scope
     * @return the outcome
     */
    static Rejected missingScope(ApiKey key, Scope missing) {
        return new Rejected(Reason.MISSING_SCOPE, Objects.requireNonNull(key), Objects.requireNonNull(missing));
    }

    /** {@return the reason} */
    public Reason reason() {
        return reason;
    }

    /** {@return the key; empty for {@link Reason#MALFORMED} and {@link Reason#UNKNOWN}} */
    public Optional<ApiKey> key() {
        return Optional.ofNullable(key);
    }

    /** {@return the missing scope; present only for {@link Reason#MISSING_SCOPE}} */
    public Optional<Scope> missingScope() {
        return Optional.ofNullable(missingScope);
    }

    @Override
    public String toString() {
        return "Rejected[" + reason + (key == null ? "" : ", " + key.id()) + "]";
    }
}
