package dev.keywright.benchmarks.life;

import dev.keywright.benchmarks.kit.CommandLine;

/**
 * What a run is to be like.
 *
 * @param store {@code memory} or {@code h2}
 * @param keys how many keys are in use at a time
 * @param threads how many threads there are
 * @param seconds for how long they go on, at most
 * @param steps how much they do, at most
 * @param seed what all choices come from
 */
record Options(String store, int keys, int threads, int seconds, long steps, long seed) {

    private static final int FEWEST_KEYS = 10 * Run.SMALL_TENANTS;

    /** Checks them. */
    Options {
        if (!store.equals("memory") && !store.equals("h2")) {
            throw new IllegalArgumentException("the store is memory or h2");
        }
        if (keys < FEWEST_KEYS || threads < 1 || seconds < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "at least " + FEWEST_KEYS + " keys, one thread, one second and one step are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static Options of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new Options(
                        line.text("--store", "memory"),
                        line.number("--keys", 10_000),
                        line.number("--threads", 16),
                        line.number("--seconds", 60),
                        line.longNumber("--steps", Long.MAX_VALUE),
                        line.longNumber("--seed", 1)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        String bound = steps == Long.MAX_VALUE ? "" : " --steps " + steps;
        return "--store " + store + " --keys " + keys + " --threads " + threads + " --seconds " + seconds + bound
                + " --seed " + seed;
    }
}
