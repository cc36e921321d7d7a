package dev.keywright.benchmarks.coherence;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What a run is to be like.
 *
 * @param nodes how many nodes there are
 * @param custodians how many threads of each node issue and end keys
 * @param seconds for how long they go on, at most, but until there was each trouble
 * @param revocations how many keys are ended before it is enough
 * @param seed what all choices come from; what comes first is left to chance
 * @param planted what is wrong with each node, to see that it is found
 */
record Options(int nodes, int custodians, int seconds, long revocations, long seed, Planted planted) {

    private static final int MOST_NODES = 16;

    /** Checks them. */
    Options {
        if (nodes < 2 || nodes > MOST_NODES || custodians < 1 || seconds < 1 || revocations < 1) {
            throw new IllegalArgumentException(
                    "2 to " + MOST_NODES + " nodes, one custodian, one second and one revocation are needed");
        }
    }

    /** {@return what the command line says, and for the rest, what a machine with two processors does in a minute} */
    static Options of(String... arguments) {
        Options options = new Options(2, 10, 45, Long.MAX_VALUE, 1, Planted.NONE);
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
        return "--nodes " + nodes + " --custodians " + custodians + " --seconds " + seconds
                + (revocations == Long.MAX_VALUE ? "" : " --revocations " + revocations) + " --seed " + seed
                + (planted == Planted.NONE ? "" : " --planted " + word(planted));
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--nodes" -> new Options(Integer.parseInt(value), custodians, seconds, revocations, seed, planted);
            case "--custodians" -> new Options(nodes, Integer.parseInt(value), seconds, revocations, seed, planted);
            case "--seconds" -> new Options(nodes, custodians, Integer.parseInt(value), revocations, seed, planted);
            case "--revocations" -> new Options(nodes, custodians, seconds, Long.parseLong(value), seed, planted);
            case "--seed" -> new Options(nodes, custodians, seconds, revocations, Long.parseLong(value), planted);
            case "--planted" -> new Options(nodes, custodians, seconds, revocations, seed, planted(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static Planted planted(String word) {
        for (Planted planted : Planted.values()) {
            if (word(planted).equals(word)) {
                return planted;
            }
        }
        throw new IllegalArgumentException("nobody knows how to plant " + word);
    }

    private static String word(Planted planted) {
        return planted.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
