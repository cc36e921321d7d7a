package dev.keywright.benchmarks.scale;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What was measured of the same in each round. */
final class Series {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    /** {@return how much more this is than another, round by round} */
    Series over(Series other) {
        Series ratios = new Series();
        IntStream.range(0, values.size()).forEach(i -> ratios.add(values.get(i) / other.values.get(i)));
        return ratios;
    }

    /** {@return the one in the middle, and between which all of them lie} */
    String in(String format) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " – " + format + ")",
                sorted.get(sorted.size() / 2),
                Collections.min(sorted),
                Collections.max(sorted));
    }
}
