package dev.keywright.benchmarks.kit;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws of many things the first most often, the second half as often, the third a third as often, and so on. Immutable, and
 * safe for use by many threads.
 */
public final class Zipf {

    /** How often the first ones come, all together: those up to each place. */
    private final double[] upTo;

    /**
     * For so many things.
     *
     * @param most how many there are at most
     */
    public Zipf(int most) {
        upTo = new double[most];
        double sum = 0;
        for (int place = 0; place < most; place++) {
            sum += 1.0 / (place + 1);
            upTo[place] = sum;
        }
    }

    /**
     * Draws.
     *
     * @param random where the draw comes from
     * @param count how many things there are
     * @return the place of one of them, from 0
     */
    public int draw(SplittableRandom random, int count) {
        int place = Arrays.binarySearch(upTo, 0, count, random.nextDouble(upTo[count - 1]));
        return place < 0 ? Math.min(count - 1, -place - 1) : place;
    }

    /** {@return what share of all the thing at a place has} */
    double share(int place, int count) {
        return 1.0 / (place + 1) / upTo[count - 1];
    }
}
