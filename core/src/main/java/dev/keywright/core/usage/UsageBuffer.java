package dev.keywright.core.usage;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.UsageDelta;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the usage of keys, so that a verification writes nothing, and records it in the store at intervals.
 *
 * <ol>
 *   <li>A use is added to the {@link UsageCounter} of its key, without a lock and without an allocation. Each cache entry has its own
 *       counter; those of other keys are in a table. A counter does not keep its cache entry alive.
 *   <li>The thread that adds the first use to a counter also adds the counter to a queue. A flush first removes it from the queue and
 *       then drains its count; so the next use is again the first one. No use is lost between the two, and none is counted twice.
 *   <li>Counts are recorded in batches. If the store is unavailable, the batch is put back for the next flush. If the outcome is
 *       unknown, or the store fails in an unexpected way, the batch is dropped: a use may be lost, but none is counted twice. In
 *       either case the flush ends, and leaves the rest of the queue for the next one.
 *   <li>The queue has at most 100,000 counters and one for each entry that fits into the cache, or a few more under concurrency. Usage
 *       of further keys is lost until the next flush, and the number of lost uses is logged.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class UsageBuffer {

    private static final Logger log = LoggerFactory.getLogger(UsageBuffer.class);

    private static final int MAX_UNCACHED = 100_000;
    private static final int BATCH = 1000;

    /** Number of uses between two flushes from which on a counter is striped: several threads use such a key at a time. */
    private static final int STRIPING_THRESHOLD = 10_000;

    private final Consumer<List<UsageDelta>> store;
    private final long maxQueued;
    private final ConcurrentHashMap<KeyId, UsageCounter> uncached = new ConcurrentHashMap<>();
    private final Queue<UsageCounter> queue = new ConcurrentLinkedQueue<>();

    /** Number of counters in the queue, or between the queue and the store: the latter may be put back. */
    private final AtomicInteger queued = new AtomicInteger();

    private final LongAdder lost = new LongAdder();

    /** Number of lost uses that were logged; guarded by the lock of {@link #flush}, like the next two fields. */
    private long lostLogged;

    /** Whether the last batch failed. */
    private boolean failing;

    /** Number of counters that the current batch has removed from the queue. */
    private int removed;

    /**
     * Creates a buffer.
     *
     * @param store records usage in the store
     * @param maxCached the maximum number of cached keys, each of which may have a counter in the queue
     */
    public UsageBuffer(Consumer<List<UsageDelta>> store, int maxCached) {
        this(store, maxCached, MAX_UNCACHED);
    }

    /** Creates a buffer with another limit of counters for keys that are not cached. */
    UsageBuffer(Consumer<List<UsageDelta>> store, int maxCached, int maxUncached) {
        this.store = store;
        this.maxQueued = (long) maxCached + maxUncached;
    }

    /**
     * Adds a use of a cached key.
     *
     * @param counter the counter of the cache entry
     * @param scope the scope that was required; null if there was none
     * @param millis the time of the use
     */
    public void record(UsageCounter counter, @Nullable Scope scope, long millis) {
        if (add(counter.forCurrentThread(), scope, millis) == STRIPING_THRESHOLD) {
            counter.stripe();
        }
    }

    /**
     * Adds a use of a key that is not cached.
     *
     * @param scope the scope that was required; null if there was none
     * @param millis the time of the use
     */
    public void record(TenantId tenant, KeyId id, @Nullable Scope scope, long millis) {
        add(uncachedCounter(tenant, id), scope, millis);
    }

    private long add(UsageCounter counter, @Nullable Scope scope, long millis) {
        long before = counter.add(1, millis, scope);
        if (before == 0) {
            enqueueUnlessFull(counter);
        }
        return before;
    }

    private UsageCounter uncachedCounter(TenantId tenant, KeyId id) {
        return uncached.computeIfAbsent(id, absent -> new UsageCounter(tenant, absent));
    }

    private void enqueueUnlessFull(UsageCounter counter) {
        if (queued.get() < maxQueued) {
            enqueue(counter);
        } else {
            lost.add(drain(counter).usage().count());
        }
    }

    private void enqueue(UsageCounter counter) {
        // In this order: the queue never has fewer counters than queued counts.
        queue.add(counter);
        queued.incrementAndGet();
    }

    /** Removes a counter from the table first: a thread that still finds it there would add to a counter that is never drained. */
    private UsageDelta drain(UsageCounter counter) {
        uncached.remove(counter.id(), counter);
        return counter.drain();
    }

    /** Records the collected usage in the store; never throws. Concurrent flushes run one after another. */
    public synchronized void flush() {
        try {
            recordAll();
            logLost();
        } catch (Throwable broken) {
            // The log is broken, or memory has run out. An exception would end the schedule.
        }
    }

    private void recordAll() {
        // Counters that are added meanwhile wait for the next flush.
        int left = queued.get();
        boolean recorded = true;
        while (recorded && left > 0) {
            int size = Math.min(left, BATCH);
            recorded = recordBatch(size);
            left -= size;
        }
    }

    private void logLost() {
        long sum = lost.sum();
        long newlyLost = sum - lostLogged;
        lostLogged = sum;
        if (newlyLost > 0) {
            log.warn("API key usage lost: {} uses could not be recorded", newlyLost);
        }
    }

    private boolean recordBatch(int size) {
        Map<KeyId, UsageDelta> deltas = new HashMap<>();
        removed = 0;
        try {
            drain(size, deltas);
            store.accept(List.copyOf(deltas.values()));
        } catch (StoreUnavailableException e) {
            deltas.values().forEach(this::putBack);
            failed("it is kept for the next flush", e);
            return false;
        } catch (Throwable e) {
            deltas.values().forEach(delta -> lost.add(delta.usage().count()));
            failed("some is lost", e);
            return false;
        } finally {
            // As many as have left the queue, whatever was thrown: otherwise the number would stay wrong.
            queued.addAndGet(-removed);
        }
        recovered();
        return true;
    }

    /** Drains counters from the queue. A key may have several: one in the table, and one for each time that it was cached. */
    private void drain(int size, Map<KeyId, UsageDelta> deltas) {
        for (UsageCounter counter = queue.poll(); counter != null; counter = removed < size ? queue.poll() : null) {
            removed++;
            UsageDelta delta = drain(counter);
            deltas.merge(delta.id(), delta, UsageBuffer::sum);
        }
    }

    private static UsageDelta sum(UsageDelta a, UsageDelta b) {
        return new UsageDelta(a.tenant(), a.id(), sum(a.usage(), b.usage()));
    }

    /** {@return the usage of a key in two periods} */
    public static KeyUsage sum(KeyUsage a, KeyUsage b) {
        Instant last = a.lastUsedAt().isAfter(b.lastUsedAt()) ? a.lastUsedAt() : b.lastUsedAt();
        Set<Scope> scopes = new HashSet<>(a.scopes());
        scopes.addAll(b.scopes());
        return new KeyUsage(last, a.count() + b.count(), scopes);
    }

    private void putBack(UsageDelta delta) {
        KeyUsage usage = delta.usage();
        UsageCounter counter = uncachedCounter(delta.tenant(), delta.id());
        usage.scopes().forEach(counter::addScope);
        if (counter.add(usage.count(), usage.lastUsedAt().toEpochMilli(), null) == 0) {
            enqueue(counter);
        }
    }

    private void failed(String effect, Throwable e) {
        boolean already = failing;
        failing = true;
        if (!already) {
            log.warn("API key usage cannot be recorded; {}", effect, e);
        }
    }

    private void recovered() {
        boolean again = failing;
        failing = false;
        if (again) {
            log.info("API key usage is recorded again");
        }
    }
}
