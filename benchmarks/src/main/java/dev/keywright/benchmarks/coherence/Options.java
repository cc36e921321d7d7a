package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.CommandLine;
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
        return CommandLine.read(
                arguments,
                line -> new Options(
                        line.number("--nodes", 2),
                        line.number("--custodians", 10),
                        line.number("--seconds", 45),
                        line.longNumber("--revocations", Long.MAX_VALUE),
                        line.longNumber("--seed", 1),
                        planted(line.text("--planted", word(Planted.NONE)))));
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return "--nodes " + nodes + " --custodians " + custodians + " --seconds " + seconds
                + (revocations == Long.MAX_VALUE ? "" : " --revocations " + revocations) + " --seed " + seed
                + (planted == Planted.NONE ? "" : " --planted " + word(planted));
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
