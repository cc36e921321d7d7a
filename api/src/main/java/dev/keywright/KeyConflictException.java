package dev.keywright;

import java.util.Objects;

/**
 * What was asked for is in conflict with the state of a key, or with how many there are. Nothing was changed. The message
 * says what is in the way, and what can be done.
 */
public final class KeyConflictException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /** What is in the way. */
    public enum Rule {
        /** Somebody else has changed the key since it was read. */
        VERSION,
        /** The key is revoked. */
        REVOKED,
        /** The key's end has come. */
        EXPIRED,
        /** The key is being rotated, or is what one was rotated to that still works. */
        ROTATED,
        /** The key is not being rotated. */
        NOT_ROTATED,
        /** The tenant has as many active keys as it may have. */
        TOO_MANY_KEYS
    }

    /**
     * Says what is in the way.
     *
     * @param rule which rule
     * @param sentence what is in the way and what can be done, for a person
     */
    public KeyConflictException(Rule rule, String sentence) {
        super(sentence, null);
        this.rule = Objects.requireNonNull(rule);
    }

    /** {@return which rule stands in the way} */
    public Rule rule() {
        return rule;
    }
}
