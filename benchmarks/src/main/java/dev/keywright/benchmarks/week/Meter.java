package dev.keywright.benchmarks.week;

import dev.keywright.ApiKeys;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * How much this process had used and collected at a moment, and how its cache was doing.
 *
 * @param at when, by the monotonic clock
 * @param cpu the time of all its threads on processors, in nanoseconds
 * @param collections how often garbage was collected
 * @param collecting how long that took in all, in milliseconds
 * @param hits what the cache had answered
 * @param lookUps what it had not
 * @param flushes how often it had forgotten everything
 * @param lapses how often its lease had run out
 */
record Meter(long at, long cpu, long collections, long collecting, long hits, long lookUps, long flushes, long lapses) {

    private static final Job JOB = new Job("meter");

    static Meter read(ApiKeys keys) {
        Optional<CacheStats> cache = keys.operatedBy(JOB).cacheStats();
        return new Meter(
                System.nanoTime(),
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum(),
                cache.map(CacheStats::hits).orElse(0L),
                cache.map(state -> state.misses() + state.readThroughs()).orElse(0L),
                cache.map(CacheStats::flushes).orElse(0L),
                cache.map(CacheStats::lapses).orElse(0L));
    }

    /** {@return what has come since} */
    Figures since(Meter before) {
        return new Figures()
                .count("nanos", at - before.at)
                .count("cpu", cpu - before.cpu)
                .count("collections", collections - before.collections)
                .count("collecting", collecting - before.collecting)
                .count("hits", hits - before.hits)
                .count("look-ups", lookUps - before.lookUps)
                .count("flushes", flushes - before.flushes)
                .count("lapses", lapses - before.lapses);
    }
}
