package dev.keywright.core.common;

/**
 * Isolates a thread from failures. A logger, a listener, a scheduler or a store may throw anything, including an {@link Error}; a
 * thread on which other components depend must go on nevertheless.
 */
public final class Quietly {

    private Quietly() {}

    /** Runs a step, such as writing a log line, and ignores its failure: it cannot be logged, because the log itself may be broken. */
    public static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable broken) {
            // Ignored, as documented.
        }
    }
}
