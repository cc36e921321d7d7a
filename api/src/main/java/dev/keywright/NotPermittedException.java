package dev.keywright;

/** Whoever asked may not manage keys. */
public final class NotPermittedException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is not permitted, and what it would take.
     *
     * @param sentence for a person
     */
    public NotPermittedException(String sentence) {
        super(sentence, null);
    }
}
