package dev.keywright.benchmarks.week;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.List;
import java.util.Locale;

/**
 * What a week is to be like.
 *
 * @param districts how many there are
 * @param keys how many keys they have in all, at first
 * @param nodes on how many processes, one measurement for each number
 * @param caches with caches on or off, or both: {@code off,on}
 * @param rounds how often each is measured
 * @param seconds for how long each time
 * @param rate how many verifications a second are due where that is given, on all processes together
 * @param scripts how many threads verify keys, in all processes together
 * @param clerks how many threads manage them, in all processes together
 */
record WeekOptions(
        int districts,
        int keys,
        List<Integer> nodes,
        List<String> caches,
        int rounds,
        double seconds,
        int rate,
        int scripts,
        int clerks) {

    /** Checks them. */
    WeekOptions {
        nodes = List.copyOf(nodes);
        caches = List.copyOf(caches);
        if (districts < 1 || keys < districts) {
            throw new IllegalArgumentException("at least one district, and a key for each, are needed");
        }
        if (!List.of("on", "off").containsAll(caches)) {
            throw new IllegalArgumentException("caches are on or off");
        }
        if (rounds < 1 || !(seconds > 0) || rate < 1) {
            throw new IllegalArgumentException("at least one round, some time, and some rate are needed");
        }
        int fewest = Math.min(scripts, clerks);
        if (nodes.stream().anyMatch(count -> count < 1 || count > fewest)) {
            throw new IllegalArgumentException("at least one process is needed, and one thread of each kind for each");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static WeekOptions of(String... arguments) {
        return CommandLine.read(
                arguments,
                line -> new WeekOptions(
                        line.number("--districts", 2000),
                        line.number("--keys", 100_000),
                        line.numbers("--nodes", 1, 2),
                        line.texts("--caches", "off", "on"),
                        line.number("--rounds", 3),
                        line.amount("--seconds", 20),
                        line.number("--rate", 2000),
                        line.number("--scripts", 8),
                        line.number("--clerks", 32)));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--districts %d --keys %d --nodes %s --caches %s --rounds %d --seconds %s --rate %d"
                        + " --scripts %d --clerks %d",
                districts,
                keys,
                CommandLine.text(nodes),
                String.join(",", caches),
                rounds,
                seconds,
                rate,
                scripts,
                clerks);
    }
}
