package dev.keywright.benchmarks.life;

import java.util.Iterator;
import java.util.List;

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
        Options options = new Options("memory", 10_000, 16, 60, Long.MAX_VALUE, 1);
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException("nothing follows " + name);
            }
            options = options.with(name, words.next());
        }
        return options;
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        String bound = steps == Long.MAX_VALUE ? "" : " --steps " + steps;
        return "--store " + store + " --keys " + keys + " --threads " + threads + " --seconds " + seconds + bound
                + " --seed " + seed;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--store" -> new Options(value, keys, threads, seconds, steps, seed);
            case "--keys" -> new Options(store, Integer.parseInt(value), threads, seconds, steps, seed);
            case "--threads" -> new Options(store, keys, Integer.parseInt(value), seconds, steps, seed);
            case "--seconds" -> new Options(store, keys, threads, Integer.parseInt(value), steps, seed);
            case "--steps" -> new Options(store, keys, threads, seconds, Long.parseLong(value), seed);
            case "--seed" -> new Options(store, keys, threads, seconds, steps, Long.parseLong(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }
}
