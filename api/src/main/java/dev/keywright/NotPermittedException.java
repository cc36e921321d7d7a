package dev.keywright;

/** The session lacks a permission. */
public final class NotPermittedException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param sentence the refused operation and the missing permission, for a person
     */
    public NotPermittedException(String sentence) {
        super(sentence, null);
    }
}
