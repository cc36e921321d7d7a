package dev.keywright.benchmarks.filter;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.Locale;

/**
 * What a measurement is to be like.
 *
 * @param clients how many connections send requests at once
 * @param rounds how often each container is measured
 * @param millis for how long each time
 * @param keys how many keys are used
 */
record FilterOptions(int clients, int rounds, int millis, int keys) {

    /** Checks them. */
    FilterOptions {
        if (clients < 1 || rounds < 1 || millis < 1 || keys < 1) {
            throw new IllegalArgumentException("at least one client, round, millisecond and key are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static FilterOptions of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new FilterOptions(
                        line.number("--clients", 2),
                        line.number("--rounds", 40),
                        line.number("--millis", 400),
                        line.number("--keys", 1000)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "--clients %d --rounds %d --millis %d --keys %d", clients, rounds, millis, keys);
    }
}
