package dev.keywright;

/**
 * The change is made and durable, but the wait until every node follows it was interrupted; the thread's interrupt flag is
 * kept. Repeating a revocation waits again; after a change of scopes, change them again, with the present version.
 */
public final class BarrierInterruptedException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /** Says so. */
    public BarrierInterruptedException() {
        super("the change is made, but it is not yet certain that every node follows it", null);
    }
}
