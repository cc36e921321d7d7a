package dev.keywright.benchmarks.scale;

import java.util.Iterator;
import java.util.List;
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
        Options options = new Options("postgresql", 10_000, 7, 1, 100_000);
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException("nothing follows " + name);
            }
            options = options.with(name, words.next());
        }
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

    private Options with(String name, String value) {
        return switch (name) {
            case "--database" -> new Options(value, keys, rounds, seconds, imports);
            case "--keys" -> new Options(database, Integer.parseInt(value), rounds, seconds, imports);
            case "--rounds" -> new Options(database, keys, Integer.parseInt(value), seconds, imports);
            case "--seconds" -> new Options(database, keys, rounds, Double.parseDouble(value), imports);
            case "--imports" -> new Options(database, keys, rounds, seconds, Integer.parseInt(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }
}
