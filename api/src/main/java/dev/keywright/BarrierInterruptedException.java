package dev.keywright;

/**
 * The change is durable, but the wait until every node applies it was interrupted; the thread's interrupt flag stays set.
 * Repeat a revocation to wait again; after a change of scopes, change them again with the present version.
 */
public final class BarrierInterruptedException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public BarrierInterruptedException() {
        super("the change is made, but it is not yet certain that every node follows it", null);
    }
}
