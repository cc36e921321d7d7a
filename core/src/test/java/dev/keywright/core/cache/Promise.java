package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.core.lookup.LookupResult;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** What one who looks on from outside knows to have happened before a verification began, and what it must therefore answer. */
final class Promise {

    static final String REVOKED = "accepted after the revocation had returned";
    static final String INSERTED = "rejected, and nobody has revoked it";
    static final String CLOSED = "remembered after it was closed";
    static final String OUT_OF_LEASE = "remembered after the lease had ended";

    private final Lease lease;
    private final AtomicIntegerArray inserted = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicIntegerArray revoking = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicIntegerArray revoked = new AtomicIntegerArray(InterleavedNode.KEYS);
    private final AtomicInteger beatsBegun = new AtomicInteger();
    private final AtomicInteger beatsEnded = new AtomicInteger();
    private volatile boolean closed;

    /** What had happened when a verification began: had returned, not only begun. */
    record Before(boolean inserted, boolean revoked, boolean closed, int beats, boolean outOfLease) {}

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

    void beatBegins() {
        beatsBegun.incrementAndGet();
    }

    void beatHasEnded() {
        beatsEnded.incrementAndGet();
    }

    Before before(int key) {
        int beats = beatsBegun.get();
        return new Before(
                inserted.get(key) != 0,
                revoked.get(key) != 0,
                closed,
                beats,
                beatsEnded.get() == beats && lease.left().isZero());
    }

    void hold(Before before, int key, LookupResult found, boolean hit) {
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
        if (hit && before.outOfLease && before.beats == beatsBegun.get()) {
            throw new AssertionError(OUT_OF_LEASE);
        }
    }
}
