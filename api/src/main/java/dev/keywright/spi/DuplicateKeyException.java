package dev.keywright.spi;

/**
 * A key with this id or digest exists in the store; nothing was changed. The library catches the exception: an application
 * never does, and so it is no {@link dev.keywright.KeywrightException}.
 */
public final class DuplicateKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception, without the id, the digest or the database's message, which quotes them. */
    public DuplicateKeyException() {
        super("the store already has an API key with this id or digest");
    }
}
