package dev.keywright.benchmarks.threads;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a measurement is to be like.
 *
 * @param threads how many platform threads, one measurement for each number; the first is what the others are compared with
 * @param virtual how many virtual threads, where there are such
 * @param rounds how often each is measured
 * @param seconds for how long each time
 * @param keys how many keys are used
 */
record ThreadsOptions(List<Integer> threads, int virtual, int rounds, double seconds, int keys) {

    /** Checks them. */
    ThreadsOptions {
        threads = List.copyOf(threads);
        if (threads.stream().anyMatch(count -> count < 1) || virtual < 1 || rounds < 1 || !(seconds > 0) || keys < 1) {
            throw new IllegalArgumentException("at least one thread, round and key, and some time, are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static ThreadsOptions of(String... arguments) {
        ThreadsOptions options = new ThreadsOptions(List.of(1, 2, 100, 5000), 10_000, 7, 2, 1000);
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
        return String.format(
                Locale.ROOT,
                "--threads %s --virtual %d --rounds %d --seconds %s --keys %d",
                threads.stream().map(String::valueOf).collect(Collectors.joining(",")),
                virtual,
                rounds,
                seconds,
                keys);
    }

    private ThreadsOptions with(String name, String value) {
        return switch (name) {
            case "--threads" ->
                new ThreadsOptions(
                        Arrays.stream(value.split(",", -1))
                                .map(Integer::valueOf)
                                .toList(),
                        virtual,
                        rounds,
                        seconds,
                        keys);
            case "--virtual" -> new ThreadsOptions(threads, Integer.parseInt(value), rounds, seconds, keys);
            case "--rounds" -> new ThreadsOptions(threads, virtual, Integer.parseInt(value), seconds, keys);
            case "--seconds" -> new ThreadsOptions(threads, virtual, rounds, Double.parseDouble(value), keys);
            case "--keys" -> new ThreadsOptions(threads, virtual, rounds, seconds, Integer.parseInt(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }
}
