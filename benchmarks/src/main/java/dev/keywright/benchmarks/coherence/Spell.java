package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.Latencies;

/** What came of the verifications that were begun in some time. Safe for use by many threads. */
final class Spell {

    private final Latencies hits = new Latencies();
    private final Latencies lookUps = new Latencies();
    private final Latencies failures = new Latencies();

    private final long begun = System.nanoTime();
    private volatile long ended;
    private volatile long lastHit = begun;

    void hit(long from, long to) {
        hits.add(to - from);
        lastHit = to;
    }

    void lookUp(long from, long to) {
        lookUps.add(to - from);
    }

    void failure(long from, long to) {
        failures.add(to - from);
    }

    void end() {
        ended = System.nanoTime();
    }

    Latencies hits() {
        return hits;
    }

    Latencies lookUps() {
        return lookUps;
    }

    /** The verifications that were not answered. */
    Latencies failures() {
        return failures;
    }

    long all() {
        return hits.count() + lookUps.count() + failures.count();
    }

    /** {@return how many these are in a second of the spell, which has ended} */
    double perSecond(Latencies these) {
        return these.count() * 1e9 / (ended - begun);
    }

    /** {@return how long it was from the beginning to the last hit, in nanoseconds} */
    double hitsWentOnFor() {
        return (double) (lastHit - begun);
    }
}
