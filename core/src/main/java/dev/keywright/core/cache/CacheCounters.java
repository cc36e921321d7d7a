package dev.keywright.core.cache;

import dev.keywright.management.CacheStats;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a cache's operations. Thread-safe. */
final class CacheCounters {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder readThroughs = new LongAdder();
    private final LongAdder refusedFills = new LongAdder();
    private final LongAdder staleLookups = new LongAdder();
    private final LongAdder flushes = new LongAdder();
    private final LongAdder lapses = new LongAdder();
    private final LongAdder failedPolls = new LongAdder();
    private volatile Duration lastPoll = Duration.ZERO;

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void readThrough() {
        readThroughs.increment();
    }

    void refusedFill() {
        refusedFills.increment();
    }

    void staleLookup() {
        staleLookups.increment();
    }

    void flush() {
        flushes.increment();
    }

    void lapse() {
        lapses.increment();
    }

    void failedPoll() {
        failedPolls.increment();
    }

    void polled(Duration duration) {
        lastPoll = duration;
    }

    CacheStats stats(Duration leaseLeft, long revision, int keys) {
        return CacheStats.builder()
                .leaseLeft(leaseLeft)
                .revision(revision)
                .keys(keys)
                .hits(hits.sum())
                .misses(misses.sum())
                .readThroughs(readThroughs.sum())
                .refusedFills(refusedFills.sum())
                .staleLookups(staleLookups.sum())
                .flushes(flushes.sum())
                .lapses(lapses.sum())
                .failedPolls(failedPolls.sum())
                .lastPoll(lastPoll)
                .build();
    }
}
