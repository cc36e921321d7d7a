package dev.keywright.spi;

import dev.keywright.KeywrightException;

/** A key with this id or this digest is there already. Nothing was changed. */
public final class DuplicateKeyException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /** Says so, without the id or the digest, and without the database's own words, which quote them. */
    public DuplicateKeyException() {
        super("the store has an API key with this id or digest already", null);
    }
}
