package dev.keywright.core;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.spi.Use;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often one key was used since that was taken; and when last, and for which scopes, since this was begun: a store that is told
 * of a scope again has nothing to write. What is remembered of a key has its tally in itself, and not in an object beside it: with
 * many keys, what costs is each further place in memory. Safe for use by many threads, without a lock as a rule.
 */
abstract class Tally {

    private static final AtomicLongFieldUpdater<Tally> COUNT = AtomicLongFieldUpdater.newUpdater(Tally.class, "count");
    private static final AtomicLongFieldUpdater<Tally> LAST_MILLIS =
            AtomicLongFieldUpdater.newUpdater(Tally.class, "lastMillis");

    @SuppressWarnings("UnusedVariable") // It is read through COUNT.
    private volatile long count;

    private volatile long lastMillis = Long.MIN_VALUE;
    private volatile Set<Scope> scopes = Set.of();

    /** One of them: a route asks for the same object each time, and need not look into the set. */
    private volatile @Nullable Scope lastScope;

    /** {@return whose key was used} */
    abstract TenantId tenant();

    /** {@return which key} */
    abstract KeyId id();

    /** {@return how many there were before, since what there was has been taken} */
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

    /** It is used so often that threads had better count in places of their own, where there are such. */
    void spread() {}

    /** {@return what was added since the last time; something must have been} */
    final Use take() {
        long uses = COUNT.getAndSet(this, 0);
        return new Use(tenant(), id(), new KeyUsage(Instant.ofEpochMilli(lastMillis), uses, scopes));
    }
}
