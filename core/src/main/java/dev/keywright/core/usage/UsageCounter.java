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
 * Usage of one key: how often it was used since the count was last taken; and the last use and the scopes since this tally was
 * created, because a store that is told of a scope again has nothing to write. It refers to the key's ids and not to the key or to
 * its cache entry, so that usage that waits to be written keeps neither alive. Thread-safe, without a lock as a rule.
 */
public class UsageCounter {

    private static final AtomicLongFieldUpdater<UsageCounter> COUNT =
            AtomicLongFieldUpdater.newUpdater(UsageCounter.class, "count");
    private static final AtomicLongFieldUpdater<UsageCounter> LAST_MILLIS =
            AtomicLongFieldUpdater.newUpdater(UsageCounter.class, "lastMillis");

    /** As many stripes as threads can run at once, up to eight; a power of two. */
    private static final int STRIPES =
            Integer.highestOneBit(2 * Math.min(8, Runtime.getRuntime().availableProcessors()) - 1);

    @SuppressWarnings("UnusedVariable") // It is read through COUNT.
    private volatile long count;

    private volatile long lastMillis = Long.MIN_VALUE;
    private volatile Set<Scope> scopes = Set.of();

    /** One of them: a route asks for the same object each time, and need not look into the set. */
    private volatile @Nullable Scope lastScope;

    private final TenantId tenant;
    private final KeyId id;

    /** Null until the key is used very often. */
    private volatile UsageCounter @Nullable [] stripes;

    public UsageCounter(TenantId tenant, KeyId id) {
        this.tenant = tenant;
        this.id = id;
    }

    /** {@return whose key was used} */
    final TenantId tenant() {
        return tenant;
    }

    /** {@return which key} */
    final KeyId id() {
        return id;
    }

    /**
     * {@return the tally that the current thread counts on} As a rule that is this one. Where threads use one key very often,
     * each counts on a stripe, because a cache line that two processors write in turns moves between them each time.
     */
    final UsageCounter forCurrentThread() {
        UsageCounter[] all = stripes;
        return all == null ? this : all[(int) Thread.currentThread().getId() & (STRIPES - 1)];
    }

    /** Gives threads stripes of their own to count on. */
    final void stripe() {
        if (stripes != null) {
            return;
        }
        stripes = IntStream.range(0, STRIPES)
                .mapToObj(i -> new Stripe(tenant, id))
                .toArray(UsageCounter[]::new);
    }

    /** {@return the count before this was added, since the count was last taken} */
    final long add(long uses, long millis, @Nullable Scope scope) {
        // The count comes last: whoever takes it has the time and the scope of every use that it counts.
        if (scope != null && !isLast(scope)) {
            addScope(scope);
        }
        long last = lastMillis;
        while (millis > last && !LAST_MILLIS.compareAndSet(this, last, millis)) {
            last = lastMillis;
        }
        return COUNT.getAndAdd(this, uses);
    }

    /** Whether it is the same object, which needs no look into it. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isLast(Scope scope) {
        return scope == lastScope;
    }

    /** Adds what the key was used for; its uses are added after that. */
    final void addScope(Scope scope) {
        if (!scopes.contains(scope)) {
            addNew(scope);
        }
        lastScope = scope;
    }

    private synchronized void addNew(Scope scope) {
        scopes = Stream.concat(scopes.stream(), Stream.of(scope)).collect(Collectors.toUnmodifiableSet());
    }

    /** {@return what was added since the last time; something must have been} */
    final UsageDelta drain() {
        long uses = COUNT.getAndSet(this, 0);
        return new UsageDelta(tenant, id, new KeyUsage(Instant.ofEpochMilli(lastMillis), uses, scopes));
    }

    /** Stripe of a tally, padded so that no two are in one cache line. */
    @SuppressWarnings({"unused", "UnusedVariable"}) // Padding.
    private static final class Stripe extends UsageCounter {

        private long room1;
        private long room2;
        private long room3;
        private long room4;
        private long room5;
        private long room6;
        private long room7;
        private long room8;

        Stripe(TenantId tenant, KeyId id) {
            super(tenant, id);
        }
    }
}
