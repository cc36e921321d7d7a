package dev.keywright.benchmarks.footprint;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.List;
import java.util.Locale;

/**
 * What is to be measured.
 *
 * @param keys how many keys are cached, one measurement for each number
 * @param crammed how many keys are to be kept in as little heap as they can be
 * @param step in steps of how many megabytes that is looked for
 * @param seconds for how long a process verifies keys when it has cached them all
 */
record FootprintOptions(List<Integer> keys, int crammed, int step, double seconds) {

    private static final int FEWEST_KEYS = 100;

    /** Checks them. */
    FootprintOptions {
        keys = List.copyOf(keys);
        if (keys.stream().anyMatch(count -> count < FEWEST_KEYS) || crammed < FEWEST_KEYS) {
            throw new IllegalArgumentException("at least " + FEWEST_KEYS + " keys are needed");
        }
        if (step < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException("at least a step of a megabyte, and some time, are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static FootprintOptions of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new FootprintOptions(
                        line.numbers("--keys", 1000, 100_000, 1_000_000),
                        line.number("--crammed", 1_000_000),
                        line.number("--step", 64),
                        line.amount("--seconds", 20)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--keys %s --crammed %d --step %d --seconds %s",
                CommandLine.text(keys),
                crammed,
                step,
                seconds);
    }

    /** {@return how many keys there are to be, so that all can be measured} */
    int most() {
        return Math.max(crammed, keys.stream().mapToInt(Integer::intValue).max().orElse(0));
    }
}
