package dev.keywright.benchmarks.filter;

import java.util.Iterator;
import java.util.List;
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
        FilterOptions options = new FilterOptions(2, 40, 400, 1000);
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException("nothing follows " + name);
            }
            options = options.with(name, Integer.parseInt(words.next()));
        }
        return options;
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "--clients %d --rounds %d --millis %d --keys %d", clients, rounds, millis, keys);
    }

    private FilterOptions with(String name, int value) {
        return switch (name) {
            case "--clients" -> new FilterOptions(value, rounds, millis, keys);
            case "--rounds" -> new FilterOptions(clients, value, millis, keys);
            case "--millis" -> new FilterOptions(clients, rounds, value, keys);
            case "--keys" -> new FilterOptions(clients, rounds, millis, value);
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }
}
