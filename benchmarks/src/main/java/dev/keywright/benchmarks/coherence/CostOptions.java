package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.List;
import java.util.Locale;

/**
 * What a measurement is to be like.
 *
 * @param nodes how many nodes cache at once, one measurement for each number
 * @param rounds how often each is measured
 * @param seconds for how long verifications are counted while the database is well or slow, and polls while nothing happens; at least 2,
 *     or the lease and the pool have not settled before
 * @param callers how many threads verify keys
 * @param keys how many keys are revoked at once
 * @param entries how many keys are in the caches that are flushed
 */
record CostOptions(List<Integer> nodes, int rounds, double seconds, int callers, int keys, List<Integer> entries) {

    private static final int FEWEST_ENTRIES = 10;

    /** Checks them. */
    CostOptions {
        nodes = List.copyOf(nodes);
        entries = List.copyOf(entries);
        if (rounds < 1
                || !(seconds > 0)
                || callers < 1
                || keys < 1
                || nodes.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("at least one node, round, caller and key, and some time, are needed");
        }
        if (entries.stream().anyMatch(count -> count < FEWEST_ENTRIES)) {
            throw new IllegalArgumentException("a cache that is flushed has at least " + FEWEST_ENTRIES + " entries");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static CostOptions of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new CostOptions(
                        line.numbers("--nodes", 1, 2, 4, 8),
                        line.number("--rounds", 3),
                        line.amount("--seconds", 2),
                        line.number("--callers", 8),
                        line.number("--keys", 10_000),
                        line.numbers("--entries", 1000, 100_000, 1_000_000)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--nodes %s --rounds %d --seconds %s --callers %d --keys %d --entries %s",
                CommandLine.text(nodes),
                rounds,
                seconds,
                callers,
                keys,
                CommandLine.text(entries));
    }
}
