package dev.keywright;

/** The tenant has no such key. A key of another tenant gives the same exception. */
public final class KeyNotFoundException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception, without the id: a client may have sent anything as an id. */
    public KeyNotFoundException() {
        super("there is no such API key", null);
    }
}
