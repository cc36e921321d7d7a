package dev.keywright.benchmarks.threads;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.List;
import java.util.Locale;

/**
 * What a measurement is to be like.
 *
 * @param threads how many platform threads, one measurement for each number; the first is what the others are compared with
 * @param virtual how many virtual threads, where there are such
 * @param rounds how often each is measured
 * @param seconds for how long each time
 * @param keys how many keys are used
 * @param leaseMillis for how long a cache answers that does not hear of its store; on a busy machine, a longer one than it really has
 *     leaves something to be measured
 */
record ThreadsOptions(List<Integer> threads, int virtual, int rounds, double seconds, int keys, int leaseMillis) {

    /** Checks them. */
    ThreadsOptions {
        threads = List.copyOf(threads);
        if (threads.stream().anyMatch(count -> count < 1)
                || virtual < 1
                || rounds < 1
                || !(seconds > 0)
                || keys < 1
                || leaseMillis < 1) {
            throw new IllegalArgumentException(
                    "at least one thread, round and key, some time and some lease are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static ThreadsOptions of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new ThreadsOptions(
                        line.numbers("--threads", 1, 2, 100, 5000),
                        line.number("--virtual", 10_000),
                        line.number("--rounds", 7),
                        line.amount("--seconds", 2),
                        line.number("--keys", 1000),
                        line.number("--lease", 250)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--threads %s --virtual %d --rounds %d --seconds %s --keys %d --lease %d",
                CommandLine.text(threads),
                virtual,
                rounds,
                seconds,
                keys,
                leaseMillis);
    }
}
