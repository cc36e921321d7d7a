package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Use;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers how keys are used, so that a verification writes nothing, and writes that down at intervals.
 *
 * <ol>
 *   <li>A use is added to what is gathered of its key: without a lock, and, where the key was used before in the same
 *       interval with the same scope, without an allocation.
 *   <li>A flush takes what is gathered out of the table and then seals it. Whoever adds to it at that moment learns from
 *       the same atomic step whether that came before the seal, and is written, or after, and begins anew in the table. So
 *       no use is lost between the two, and none counted twice.
 *   <li>It is written in batches. Where the store is not available, the batch goes back and waits for the next flush.
 *       Where the outcome is unknown, or the store fails in a way that it must not, the batch is dropped: a use may be
 *       lost, but none is counted twice. Either way the flush ends there, and leaves the rest for the next one.
 *   <li>At most 100,000 keys are gathered, or a few more while many threads come at once. The uses of further ones are
 *       lost until the next flush; the log says how many.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
final class Uses {

    private static final Logger log = LoggerFactory.getLogger(Uses.class);

    private static final int MOST_KEYS = 100_000;
    private static final int BATCH = 1000;

    private final KeyStore store;
    private final Clock clock;
    private final ConcurrentHashMap<KeyId, Gathered> gathered = new ConcurrentHashMap<>();

    /** How many keys are on their way to the store: room is kept for them, since they may come back. */
    private volatile int underway;

    private final LongAdder lost = new LongAdder();

    /** How many of the lost ones the log has told of; guarded by the lock of {@link #flush}, as is the next. */
    private long lostTold;

    /** Whether the store failed last time. */
    private boolean failing;

    Uses(KeyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Gathers a use.
     *
     * @param found how the key was found, which remembers where its uses go
     * @param key what was accepted
     * @param scope for what; null where nobody asked
     * @param millis when
     */
    void record(Found found, ApiKey key, @Nullable Scope scope, long millis) {
        Gathered uses = found.gathered;
        while (uses == null || !uses.add(1, millis, scope)) {
            uses = gathered.get(key.id());
            if (uses == null) {
                if (gathered.size() + underway >= MOST_KEYS) {
                    lost.increment();
                    return;
                }
                uses = gathered(key.tenant(), key.id());
            }
            found.gathered = uses;
        }
    }

    private Gathered gathered(TenantId tenant, KeyId id) {
        return gathered.computeIfAbsent(id, absent -> new Gathered(tenant, absent));
    }

    /** Writes what was gathered down, and never throws. A flush that is called while one is going on comes after it. */
    synchronized void flush() {
        try {
            writeAll();
            tellLost();
        } catch (Throwable broken) {
            // The log is broken, or the memory has run out. Thrown on, it would end the schedule.
        } finally {
            underway = 0;
        }
    }

    private void writeAll() {
        // A copy: a key that is used again while we go through the table would be met again, in the same batch perhaps.
        List<Gathered> all = List.copyOf(gathered.values());
        boolean written = true;
        for (int from = 0; written && from < all.size(); from += BATCH) {
            written = write(all.subList(from, Math.min(from + BATCH, all.size())));
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

    private boolean write(List<Gathered> batch) {
        underway = batch.size();
        List<Use> uses =
                batch.stream().map(this::take).flatMap(Optional::stream).toList();
        if (uses.isEmpty()) {
            return true;
        }
        try {
            store.recordUses(uses, clock.instant());
        } catch (StoreUnavailable e) {
            uses.forEach(this::putBack);
            failed("they are kept for the next time", e);
            return false;
        } catch (Throwable e) {
            uses.forEach(use -> lost.add(use.usage().count()));
            failed("some are lost", e);
            return false;
        }
        written();
        return true;
    }

    private Optional<Use> take(Gathered uses) {
        // Out of the table first: whoever finds it sealed must find something else there, or nothing.
        gathered.remove(uses.id, uses);
        return uses.seal();
    }

    private void putBack(Use use) {
        KeyUsage usage = use.usage();
        Gathered uses = gathered(use.tenant(), use.id());
        usage.scopes().forEach(uses::add);
        uses.add(usage.count(), usage.lastUsedAt().toEpochMilli(), null);
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

    /** How one key was used since the last flush. */
    static final class Gathered {

        /** In place of the count; whatever is added to it stays negative. */
        private static final long SEALED = Long.MIN_VALUE;

        // In the object itself, and not in ones of their own: with many keys, what costs is each further place in
        // memory.
        private static final AtomicLongFieldUpdater<Gathered> COUNT =
                AtomicLongFieldUpdater.newUpdater(Gathered.class, "count");
        private static final AtomicLongFieldUpdater<Gathered> LAST_MILLIS =
                AtomicLongFieldUpdater.newUpdater(Gathered.class, "lastMillis");

        private final TenantId tenant;
        private final KeyId id;
        private volatile Set<Scope> scopes = Set.of();

        /** One of them: a route asks for the same object each time, and need not look into the set. */
        private volatile @Nullable Scope lastScope;

        @SuppressWarnings("UnusedVariable") // It is read through COUNT.
        private volatile long count;

        private volatile long lastMillis = Long.MIN_VALUE;

        Gathered(TenantId tenant, KeyId id) {
            this.tenant = tenant;
            this.id = id;
        }

        /** {@return whether this was added, which it is not where a flush has sealed it} */
        boolean add(long uses, long millis, @Nullable Scope scope) {
            // The count comes last: what it is sealed with has the time and the scope of every use that it counts.
            if (scope != null && !isLast(scope)) {
                add(scope);
            }
            long last = lastMillis;
            while (millis > last && !LAST_MILLIS.compareAndSet(this, last, millis)) {
                last = lastMillis;
            }
            return COUNT.getAndAdd(this, uses) >= 0;
        }

        /** Whether it is the same object, which needs no look into it. */
        @SuppressWarnings("ReferenceEquality")
        private boolean isLast(Scope scope) {
            return scope == lastScope;
        }

        private void add(Scope scope) {
            if (!scopes.contains(scope)) {
                addNew(scope);
            }
            lastScope = scope;
        }

        private synchronized void addNew(Scope scope) {
            scopes = Stream.concat(scopes.stream(), Stream.of(scope)).collect(Collectors.toUnmodifiableSet());
        }

        /** {@return how the key was used; empty where whoever was to add the first use has not come to it} */
        Optional<Use> seal() {
            long uses = COUNT.getAndSet(this, SEALED);
            return uses == 0
                    ? Optional.empty()
                    : Optional.of(new Use(tenant, id, new KeyUsage(Instant.ofEpochMilli(lastMillis), uses, scopes)));
        }
    }
}
