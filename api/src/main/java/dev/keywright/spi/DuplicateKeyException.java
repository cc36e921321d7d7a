package dev.keywright.spi;

/**
 * Signals from a store to its caller that a key with this id or digest exists; nothing was changed. It never reaches the
 * users of the library, and so is no {@link dev.keywright.KeywrightException}.
 */
public final class DuplicateKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception, without the id, the digest or the database's message, which quotes them. */
    public DuplicateKeyException() {
        super("the store already has an API key with this id or digest");
    }
}
