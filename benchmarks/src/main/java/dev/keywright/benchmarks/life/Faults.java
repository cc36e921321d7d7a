package dev.keywright.benchmarks.life;

import java.util.ArrayList;
import java.util.List;

/** What was not as it must be: all are counted, and the first few kept. Safe for use by many threads. */
final class Faults {

    /** After so many, a run ends: what comes then mostly follows from them. */
    private static final int ENOUGH = 5;

    private final long begun = System.nanoTime();
    private final List<String> first = new ArrayList<>();
    private long count;

    /** Adds one. */
    synchronized void add(String what) {
        count++;
        if (first.size() < ENOUGH) {
            long millis = (System.nanoTime() - begun) / 1_000_000;
            first.add("FAULT after " + millis + " ms: " + what);
        }
    }

    /** Adds one with the history of its key; to be called under no lock but that key's. */
    void add(String what, KeyHistory key) {
        if (!areEnough()) {
            add(what + "\n" + key);
        } else {
            add(what);
        }
    }

    synchronized boolean areEnough() {
        return count >= ENOUGH;
    }

    synchronized long count() {
        return count;
    }

    /** {@return the first few, with the histories of their keys} */
    synchronized List<String> first() {
        return List.copyOf(first);
    }
}
