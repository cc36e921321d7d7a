package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot answer; nothing was changed. A verification has no outcome then: the host answers 503 and the client
 * retries.
 */
public final class StoreUnavailableException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param sentence a message for a person, without details of the store
     * @param cause the cause, for operators; must not contain a secret or digest; null if there is none
     */
    public StoreUnavailableException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
