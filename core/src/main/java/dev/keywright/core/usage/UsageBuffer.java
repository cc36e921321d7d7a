package dev.keywright.core.usage;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.cache.CachedResult;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers how keys are used, so that a verification writes nothing, and writes that down at intervals.
 *
 * <ol>
 *   <li>A use is added to the {@link UsageCounter} of its key: without a lock, and without an allocation. Each cache entry has one; for
 *       keys that are not cached there is a table. Where a cache entry is evicted, its tally alone waits on.
 *   <li>Whoever adds the first use to a tally puts it into a queue. A flush takes it out, and only then what it has counted; so
 *       whoever comes afterwards is the first again. No use is lost between the two, and none counted twice.
 *   <li>It is written in batches. Where the store is not available, the batch goes back and waits for the next flush.
 *       Where the outcome is unknown, or the store fails in a way that it must not, the batch is dropped: a use may be
 *       lost, but none is counted twice. Either way the flush ends there, and leaves the rest for the next one.
 *   <li>At most 100,000 tallies are in the queue, and as many more as the cache has entries, or a few more while many threads
 *       come at once. The uses of further keys are lost until the next flush; the log says how many.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class UsageBuffer {

    private static final Logger log = LoggerFactory.getLogger(UsageBuffer.class);

    private static final int MOST_OTHERS = 100_000;
    private static final int BATCH = 1000;

    /** Between two flushes. A key that is used so often is used by several threads at once. */
    private static final int OFTEN = 10_000;

    private final UsageStore store;
    private final long mostWaiting;
    private final ConcurrentHashMap<KeyId, UsageCounter> ofKeys = new ConcurrentHashMap<>();
    private final Queue<UsageCounter> used = new ConcurrentLinkedQueue<>();

    /** How many are in the queue, or on their way from there to the store: room is kept for them, since they may come back. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final LongAdder lost = new LongAdder();

    /** How many of the lost ones the log has told of; guarded by the lock of {@link #flush}, as is the next. */
    private long lostTold;

    /** Whether the store failed last time. */
    private boolean failing;

    /** How many tallies the batch under way has taken out of the queue. */
    private int taken;

    public UsageBuffer(UsageStore store, int mostCached) {
        this.store = store;
        this.mostWaiting = (long) mostCached + MOST_OTHERS;
    }

    /**
     * Gathers a use.
     *
     * @param found what was found of the key
     * @param scope for what; null where nobody asked
     * @param millis when
     */
    public void record(LookupResult found, @Nullable Scope scope, long millis) {
        UsageCounter tally = found instanceof CachedResult entry
                ? entry.usageCounter().forCurrentThread()
                : tally(found.tenant(), found.id());
        long before = tally.add(1, millis, scope);
        if (before == 0) {
            began(tally);
        } else if (before == OFTEN) {
            stripe(found);
        }
    }

    private static void stripe(LookupResult found) {
        if (found instanceof CachedResult entry) {
            entry.usageCounter().stripe();
        }
    }

    private UsageCounter tally(TenantId tenant, KeyId id) {
        return ofKeys.computeIfAbsent(id, absent -> new UsageCounter(tenant, absent));
    }

    private void began(UsageCounter tally) {
        if (waiting.get() < mostWaiting) {
            await(tally);
        } else {
            lost.add(take(tally).usage().count());
        }
    }

    private void await(UsageCounter tally) {
        // In this order: what is counted can be taken out.
        used.add(tally);
        waiting.incrementAndGet();
    }

    /** Out of the table first: whoever finds it there afterwards adds to one that nobody looks for, and puts it into the queue. */
    private UsageDelta take(UsageCounter tally) {
        ofKeys.remove(tally.id(), tally);
        return tally.drain();
    }

    /** Writes what was gathered down, and never throws. A flush that is called while one is going on comes after it. */
    public synchronized void flush() {
        try {
            writeAll();
            tellLost();
        } catch (Throwable broken) {
            // The log is broken, or the memory has run out. Thrown on, it would end the schedule.
        }
    }

    private void writeAll() {
        // What comes while we are at it waits for the next time.
        int left = waiting.get();
        boolean written = true;
        while (written && left > 0) {
            int size = Math.min(left, BATCH);
            written = write(size);
            left -= size;
        }
    }

    private void tellLost() {
        long sum = lost.sum();
        long uses = sum - lostTold;
        lostTold = sum;
        if (uses > 0) {
            log.warn("{} uses of API keys could not be written down, and are lost", uses);
        }
    }

    private boolean write(int size) {
        Map<KeyId, UsageDelta> uses = new HashMap<>();
        taken = 0;
        try {
            take(size, uses);
            store.recordUsage(List.copyOf(uses.values()));
        } catch (StoreUnavailableException e) {
            uses.values().forEach(this::putBack);
            failed("they are kept for the next time", e);
            return false;
        } catch (Throwable e) {
            uses.values().forEach(use -> lost.add(use.usage().count()));
            failed("some are lost", e);
            return false;
        } finally {
            // As many as left the queue, whatever was thrown meanwhile: else the two would differ for good.
            waiting.addAndGet(-taken);
        }
        written();
        return true;
    }

    /** A key may have several tallies: one in the table, and one for each time that it was cached. */
    private void take(int size, Map<KeyId, UsageDelta> uses) {
        for (UsageCounter tally = used.poll(); tally != null; tally = taken < size ? used.poll() : null) {
            taken++;
            UsageDelta use = take(tally);
            uses.merge(use.id(), use, UsageBuffer::sum);
        }
    }

    private static UsageDelta sum(UsageDelta a, UsageDelta b) {
        return new UsageDelta(a.tenant(), a.id(), sum(a.usage(), b.usage()));
    }

    /** {@return the use of a key before and after an instant, as one} */
    public static KeyUsage sum(KeyUsage before, KeyUsage more) {
        Instant last = before.lastUsedAt().isAfter(more.lastUsedAt()) ? before.lastUsedAt() : more.lastUsedAt();
        Set<Scope> scopes = new HashSet<>(before.scopes());
        scopes.addAll(more.scopes());
        return new KeyUsage(last, before.count() + more.count(), scopes);
    }

    private void putBack(UsageDelta use) {
        KeyUsage usage = use.usage();
        UsageCounter tally = tally(use.tenant(), use.id());
        usage.scopes().forEach(tally::addScope);
        if (tally.add(usage.count(), usage.lastUsedAt().toEpochMilli(), null) == 0) {
            await(tally);
        }
    }

    private void failed(String consequence, Throwable e) {
        boolean already = failing;
        failing = true;
        if (!already) {
            log.warn("Uses of API keys cannot be written down: {}", consequence, e);
        }
    }

    private void written() {
        boolean again = failing;
        failing = false;
        if (again) {
            log.info("Uses of API keys are being written down again");
        }
    }
}
