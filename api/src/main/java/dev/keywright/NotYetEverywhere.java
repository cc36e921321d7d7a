package dev.keywright;

/**
 * The change is made and durable, but the wait until every node follows it was interrupted; the thread's interrupt flag is
 * kept. Repeating the call waits again.
 */
public final class NotYetEverywhere extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which key it is about.
     *
     * @param id the key
     */
    public NotYetEverywhere(KeyId id) {
        super(
                "the change of the API key " + id + " is made, but it is not yet certain that every node follows it",
                null);
    }
}
