package dev.keywright.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A precomputed sequence of a million random keys, which repeats. Each thread starts at another position.
 *
 * <p>{@code uniform}: all keys are equally frequent. {@code zipf}: the frequency of the key of rank r is proportional to 1/r, and ranks
 * are independent of the position in memory.
 */
final class Picks {

    private static final int DRAWS = 1 << 20;
    private static final long SEED = 20260301;

    private final int[] drawn = new int[DRAWS];

    Picks(String distribution, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        switch (distribution) {
            case "uniform" -> Arrays.setAll(drawn, i -> random.nextInt(count));
            case "zipf" -> zipf(count, random);
            default ->
                throw new IllegalArgumentException("the distribution must be uniform or zipf, was " + distribution);
        }
    }

    private void zipf(int count, SplittableRandom random) {
        double[] upTo = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++) {
            sum += 1.0 / (rank + 1);
            upTo[rank] = sum;
        }
        int[] keys = shuffled(count, random);
        double all = sum;
        Arrays.setAll(drawn, i -> {
            int rank = Arrays.binarySearch(upTo, random.nextDouble(all));
            return keys[rank < 0 ? Math.min(count - 1, -rank - 1) : rank];
        });
    }

    private static int[] shuffled(int count, SplittableRandom random) {
        int[] keys = new int[count];
        Arrays.setAll(keys, i -> i);
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int key = keys[i];
            keys[i] = keys[other];
            keys[other] = key;
        }
        return keys;
    }

    /** {@return the key at a position} */
    int at(int position) {
        return drawn[position & (DRAWS - 1)];
    }
}
