package dev.keywright.core.usage;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.spi.UsageDelta;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Usage of one key: the number of uses since the counter was last drained; and the last use and the scopes since the counter was
 * created, because recording a known scope again writes nothing. The counter refers to the ids of the key and not to the key or its
 * cache entry, so that usage that waits to be recorded keeps neither alive. Thread-safe, usually without a lock.
 */
public sealed class UsageCounter {

    private static final AtomicLongFieldUpdater<UsageCounter> COUNT =
            AtomicLongFieldUpdater.newUpdater(UsageCounter.class, "count");
    private static final AtomicLongFieldUpdater<UsageCounter> LAST_MILLIS =
            AtomicLongFieldUpdater.newUpdater(UsageCounter.class, "lastMillis");

    /** Number of stripes: that of the processors, up to eight, rounded up to a power of two. */
    private static final int STRIPES =
            Integer.highestOneBit(2 * Math.min(8, Runtime.getRuntime().availableProcessors()) - 1);

    @SuppressWarnings("UnusedVariable") // It is read through COUNT.
    private volatile long count;

    private volatile long lastMillis = Long.MIN_VALUE;
    private volatile Set<Scope> scopes = Set.of();

    /** The last scope, since a route requires the same object each time, which saves searching the set. */
    private volatile @Nullable Scope lastScope;

    private final TenantId tenant;
    private final KeyId id;

    /** Null until the key is used very often. */
    private volatile UsageCounter @Nullable [] stripes;

    /** Creates a counter for a tenant's key. */
    public UsageCounter(TenantId tenant, KeyId id) {
        this.tenant = tenant;
        this.id = id;
    }

    final KeyId id() {
        return id;
    }

    /**
     * {@return the counter of the current thread} Usually this one; a stripe if the key is used very often, because a processor cache
     * line that two processors write in turns moves between them each time.
     */
    final UsageCounter forCurrentThread() {
        UsageCounter[] all = stripes;
        return all == null ? this : all[(int) Thread.currentThread().getId() & (STRIPES - 1)];
    }

    /** Gives each thread a stripe to count on. */
    final void stripe() {
        if (stripes != null) {
            return;
        }
        stripes = IntStream.range(0, STRIPES)
                .mapToObj(i -> new Stripe(tenant, id))
                .toArray(UsageCounter[]::new);
    }

    /** {@return the previous count since the counter was last drained} */
    final long add(long count, long millis, @Nullable Scope scope) {
        // The count comes last: a thread that drains it sees the time and the scope of every use that it counts.
        if (scope != null && !isLast(scope)) {
            addScope(scope);
        }
        long last = lastMillis;
        while (millis > last && !LAST_MILLIS.compareAndSet(this, last, millis)) {
            last = lastMillis;
        }
        return COUNT.getAndAdd(this, count);
    }

    /** Whether a scope is the same object as the last one, which needs no comparison. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isLast(Scope scope) {
        return scope == lastScope;
    }

    /** Adds a scope; the uses for it are to be added afterwards. */
    final void addScope(Scope scope) {
        if (!scopes.contains(scope)) {
            addNew(scope);
        }
        lastScope = scope;
    }

    private synchronized void addNew(Scope scope) {
        scopes = Stream.concat(scopes.stream(), Stream.of(scope)).collect(Collectors.toUnmodifiableSet());
    }

    /** {@return the usage since the last call, after at least one use} */
    final UsageDelta drain() {
        long drained = COUNT.getAndSet(this, 0);
        return new UsageDelta(tenant, id, new KeyUsage(Instant.ofEpochMilli(lastMillis), drained, scopes));
    }

    /** Stripe of a counter, padded so that no two share a processor cache line. */
    @SuppressWarnings({"unused", "UnusedVariable"}) // Padding.
    private static final class Stripe extends UsageCounter {

        private long padding1;
        private long padding2;
        private long padding3;
        private long padding4;
        private long padding5;
        private long padding6;
        private long padding7;
        private long padding8;

        Stripe(TenantId tenant, KeyId id) {
            super(tenant, id);
        }
    }
}
