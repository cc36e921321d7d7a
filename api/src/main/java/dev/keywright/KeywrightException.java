package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong while keys are used and managed. The message is a sentence for a person, and carries neither a secret
 * nor a digest; it may be shown to whoever asked.
 */
public abstract class KeywrightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * For the kinds of failure, each of which is a class of its own.
     *
     * @param sentence what went wrong, for a person
     * @param cause what lies behind it, for the operators' eyes; null where nothing does
     */
    protected KeywrightException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
