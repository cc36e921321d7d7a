package dev.keywright.benchmarks.week;

import dev.keywright.benchmarks.kit.Latencies;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** What was counted and timed, by names; those of many threads and processes add up. Used by one thread. */
final class Figures {

    private final Map<String, Double> sums = new TreeMap<>();
    private final Map<String, Latencies> times = new TreeMap<>();

    Figures count(String name, double number) {
        sums.merge(name, number, Double::sum);
        return this;
    }

    Figures count(String name, long number) {
        return count(name, (double) number);
    }

    Figures times(String name, Latencies more) {
        times.merge(name, more, Latencies::and);
        return this;
    }

    Figures and(Figures others) {
        others.sums.forEach((name, sum) -> count(name, (double) sum));
        others.times.forEach(this::times);
        return this;
    }

    /** {@return the sum with a name; 0 where nothing was counted} */
    double sum(String name) {
        return sums.getOrDefault(name, 0.0);
    }

    Latencies times(String name) {
        return times.getOrDefault(name, new Latencies());
    }

    /** {@return all of it, to be {@linkplain #of read} by another process} */
    String line() {
        StringJoiner line = new StringJoiner(" ");
        sums.forEach((name, sum) -> line.add(name + "=" + sum));
        times.forEach((name, taken) -> line.add(name + "~" + taken.line()));
        return line.toString();
    }

    static Figures of(String line) {
        Figures read = new Figures();
        for (String word : line.split(" ", -1)) {
            int times = word.indexOf('~');
            int sum = word.indexOf('=');
            if (times > 0) {
                read.times(word.substring(0, times), Latencies.of(word.substring(times + 1)));
            } else {
                read.count(word.substring(0, sum), Double.parseDouble(word.substring(sum + 1)));
            }
        }
        return read;
    }
}
