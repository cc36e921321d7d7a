package dev.keywright;

/** The tenant has no such key. Whether another tenant has one is not told. */
public final class KeyNotFoundException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /** Says so, without the id: it may be anything that somebody typed. */
    public KeyNotFoundException() {
        super("there is no such API key", null);
    }
}
