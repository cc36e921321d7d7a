package dev.keywright;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that may not be used, and why.
 *
 * <p>The reason is for the host: for its logs and its support desk. Whoever presented the key is told no more than that
 * it is not valid, or which scope it lacks; they must not learn whether it ever existed, was revoked or has expired.
 */
public final class Rejected implements Verification {

    /** Why a key may not be used. */
    public enum Reason {
        /** The text has not the shape of a key, or its check characters do not fit. The store was not asked. */
        MALFORMED,
        /** The text has the shape of a key, and no such key was issued. */
        UNKNOWN,
        /** Somebody revoked the key. */
        REVOKED,
        /** The key's end has come. */
        EXPIRED,
        /** The key works, but lacks the scope that was asked for. */
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

    /** {@return the outcome for a text that has not the shape of a key} */
    static Rejected malformed() {
        return MALFORMED;
    }

    /** {@return the outcome for a key that was never issued} */
    static Rejected unknown() {
        return UNKNOWN;
    }

    /**
     * The outcome for a key that somebody revoked.
     *
     * @param key the key
     * @return the outcome
     */
    static Rejected revoked(ApiKey key) {
        return new Rejected(Reason.REVOKED, Objects.requireNonNull(key), null);
    }

    /**
     * The outcome for a key whose end has come.
     *
     * @param key the key
     * @return the outcome
     */
    static Rejected expired(ApiKey key) {
        return new Rejected(Reason.EXPIRED, Objects.requireNonNull(key), null);
    }

    /**
     * The outcome for a key that lacks a scope.
     *
     * @param key the key
     * @param missing the scope that was asked for
     * @return the outcome
     */
    static Rejected missingScope(ApiKey key, Scope missing) {
        return new Rejected(Reason.MISSING_SCOPE, Objects.requireNonNull(key), Objects.requireNonNull(missing));
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }

    /** {@return the key, where it exists; empty for {@link Reason#MALFORMED} and {@link Reason#UNKNOWN}} */
    public Optional<ApiKey> key() {
        return Optional.ofNullable(key);
    }

    /** {@return the scope that the key lacks; there only for {@link Reason#MISSING_SCOPE}} */
    public Optional<Scope> missingScope() {
        return Optional.ofNullable(missingScope);
    }

    @Override
    public String toString() {
        return "Rejected[" + reason + (key == null ? "" : ", " + key.id()) + "]";
    }
}
