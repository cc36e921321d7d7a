package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * Root of the failures of key verification and management. The message is a sentence for a person, carries neither a secret
 * nor a digest, and may be shown to the client.
 */
public abstract sealed class KeywrightException extends RuntimeException
        permits AlreadyIssuedException,
                BarrierInterruptedException,
                InvalidRequestException,
                KeyConflictException,
                KeyNotFoundException,
                NotPermittedException,
                OutcomeUnknownException,
                StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    KeywrightException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
