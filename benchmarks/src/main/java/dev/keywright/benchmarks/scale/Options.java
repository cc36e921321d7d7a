package dev.keywright.benchmarks.scale;

import dev.keywright.benchmarks.kit.CommandLine;
import java.util.Locale;

/**
 * What a run is to be like.
 *
 * @param database {@code postgresql} or {@code h2}
 * @param keys how many keys there are at first
 * @param rounds how often each work is measured, after one round that does not count
 * @param seconds for how long each of the short look-ups goes on in each round
 * @param imports how many keys are imported in the end
 */
record Options(String database, int keys, int rounds, double seconds, int imports) {

    /** Of fewer, the rounds would take all that ends. */
    private static final int FEWEST_KEYS_A_ROUND = 1000;

    /** Checks them. */
    Options {
        if (!database.equals("postgresql") && !database.equals("h2")) {
            throw new IllegalArgumentException("the database is postgresql or h2");
        }
        if (rounds < 1 || !(seconds > 0) || imports < 1) {
            throw new IllegalArgumentException("at least one round, some time and one import are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static Options of(String... arguments) {
        Options options = CommandLine.read(
                arguments,
                line -> new Options(
                        line.text("--database", "postgresql"),
                        line.number("--keys", 10_000),
                        line.number("--rounds", 7),
                        line.amount("--seconds", 1),
                        line.number("--imports", 100_000)));
        if (options.keys < FEWEST_KEYS_A_ROUND * (options.rounds + 1)) {
            throw new IllegalArgumentException(
                    "each round needs " + FEWEST_KEYS_A_ROUND + " keys, and so does the first");
        }
        return options;
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--database %s --keys %d --rounds %d --seconds %s --imports %d",
                database,
                keys,
                rounds,
                seconds,
                imports);
    }
}
