package dev.keywright.core.common;

/**
 * Runs what must not end its thread. A logger, a listener, a scheduler or a store may throw anything, {@link Error} included; a
 * thread that everything else depends on goes on all the same.
 */
public final class Quietly {

    private Quietly() {}

    /** Runs a step, such as writing a log line, whose failure cannot be told anywhere: what is broken may be the log itself. */
    public static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable broken) {
            // See above.
        }
    }
}
