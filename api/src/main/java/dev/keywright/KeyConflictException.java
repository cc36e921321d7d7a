package dev.keywright;

import java.util.Objects;

/**
 * The request conflicts with the state of a key, or with the number of keys; nothing was changed. The message names the
 * conflict and the cure.
 */
public final class KeyConflictException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /** Kinds of conflicts. */
    public enum Rule {
        /** The key has changed since it was read. */
        VERSION,
        /** The key is revoked. */
        REVOKED,
        /** The key has expired. */
        EXPIRED,
        /** The key is suspended. */
        SUSPENDED,
        /** The key is being rotated, or is the successor in a rotation that is not complete. */
        ROTATED,
        /** The key is not being rotated. */
        NOT_ROTATED,
        /** The tenant, or the owner of own keys, has the maximum number of active keys. */
        TOO_MANY_KEYS
    }

    /**
     * Creates the exception.
     *
     * @param rule the kind of conflict
     * @param sentence the conflict and the cure, for a person
     */
    public KeyConflictException(Rule rule, String sentence) {
        super(sentence, null);
        this.rule = Objects.requireNonNull(rule);
    }

    /** {@return the kind of conflict} */
    public Rule rule() {
        return rule;
    }
}
