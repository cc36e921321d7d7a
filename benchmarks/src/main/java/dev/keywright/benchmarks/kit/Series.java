package dev.keywright.benchmarks.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** What was measured of the same in each round. Not safe for many threads. */
public final class Series {

    private final List<Double> values = new ArrayList<>();

    /** Begins with nothing. */
    public Series() {}

    /**
     * Adds what was measured in a round.
     *
     * @param value it
     */
    public void add(double value) {
        values.add(value);
    }

    /** {@return how much more this is than another, round by round} */
    public Series over(Series other) {
        Series ratios = new Series();
        IntStream.range(0, values.size()).forEach(i -> ratios.add(values.get(i) / other.values.get(i)));
        return ratios;
    }

    /** {@return the one in the middle, and between which all of them lie} */
    public String in(String format) {
        return in(value -> String.format(Locale.ROOT, format, value));
    }

    /**
     * Puts them into words.
     *
     * @param format how one of them is written
     * @return the one in the middle, and between which all of them lie, unless they are all alike
     */
    public String in(DoubleFunction<String> format) {
        List<Double> sorted = values.stream().sorted().toList();
        String median = format.apply(sorted.get(sorted.size() / 2));
        String least = format.apply(sorted.get(0));
        String most = format.apply(sorted.get(sorted.size() - 1));
        return least.equals(most) ? median : median + " (" + least + " – " + most + ")";
    }
}
