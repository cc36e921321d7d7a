package dev.keywright.benchmarks.life;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was done, and how often. Safe for use by many threads. */
final class Tally {

    private final LongAdder checks = new LongAdder();
    private final Map<Step, LongAdder> steps = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> others = new ConcurrentHashMap<>();

    /** Counts a step. */
    void step(Step step) {
        steps.computeIfAbsent(step, absent -> new LongAdder()).increment();
    }

    /** Counts a comparison with the model. */
    void check() {
        checks.increment();
    }

    /** Counts something else. */
    void count(String what) {
        others.computeIfAbsent(what, absent -> new LongAdder()).increment();
    }

    long steps() {
        return steps.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long steps(Step step) {
        return steps.getOrDefault(step, new LongAdder()).sum();
    }

    long checks() {
        return checks.sum();
    }

    /** {@return how often everything else was counted, by name} */
    Map<String, Long> others() {
        Map<String, Long> sums = new TreeMap<>();
        others.forEach((what, times) -> sums.put(what, times.sum()));
        return sums;
    }
}
