package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.core.lookup.LookupResult;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** Events that completed before a verification began, and the results that it may therefore have. */
final class Promise {

    static final String REVOKED = "accepted after the revocation had returned";
    static final String INSERTED = "rejected although it was not revoked";
    static final String CLOSED = "answered from the cache after close";
    static final String OUT_OF_LEASE = "answered from the cache after the lease had expired";

    private final Lease lease;
    private final AtomicIntegerArray inserted = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicIntegerArray revoking = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicIntegerArray revoked = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicInteger pollsStarted = new AtomicInteger();
    private final AtomicInteger pollsEnded = new AtomicInteger();
    private volatile boolean closed;

    /** Operations that had returned, not only begun, before a verification. */
    record Before(boolean inserted, boolean revoked, boolean closed, int polls, boolean outOfLease) {}

    Promise(Lease lease) {
        this.lease = lease;
    }

    void inserted(int key) {
        inserted.set(key, 1);
    }

    void revoking(int key) {
        revoking.set(key, 1);
    }

    void revoked(int key) {
        revoked.set(key, 1);
    }

    void closed() {
        closed = true;
    }

    void pollStarts() {
        pollsStarted.incrementAndGet();
    }

    void pollEnded() {
        pollsEnded.incrementAndGet();
    }

    Before before(int key) {
        int polls = pollsStarted.get();
        return new Before(
                inserted.get(key) != 0,
                revoked.get(key) != 0,
                closed,
                polls,
                pollsEnded.get() == polls && lease.left().isZero());
    }

    void check(Before before, int key, LookupResult found, boolean hit) {
        @Nullable ApiKey answer = found.key();
        boolean accepted = answer != null && answer.stateAt(Instant.EPOCH) == ApiKey.State.ACTIVE;
        if (accepted && before.revoked) {
            throw new AssertionError(REVOKED);
        }
        if (!accepted && before.inserted && revoking.get(key) == 0) {
            throw new AssertionError(INSERTED);
        }
        if (hit && before.closed) {
            throw new AssertionError(CLOSED);
        }
        if (hit && before.outOfLease && before.polls == pollsStarted.get()) {
            throw new AssertionError(OUT_OF_LEASE);
        }
    }
}
