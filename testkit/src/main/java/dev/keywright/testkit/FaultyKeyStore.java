package dev.keywright.testkit;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decorator of a store that injects faults, for tests of a back end whose database fails.
 *
 * <pre>{@code
 * keys.store().onNextWrite(Fault.ANSWER_LOST);
 * }</pre>
 *
 * <p>A fault applies to one call, in the order of injection, or to all calls until {@link #heal}. Thread-safe.
 */
public final class FaultyKeyStore extends ForwardingKeyStore {

    private final KeyStore store;
    private final List<OneCall> pending = new ArrayList<>();
    private @Nullable Fault lasting;
    private int stalled;
    private long heals;

    /** Kinds of faults. */
    public enum Fault {
        /** Throws {@link StoreUnavailableException} before the call. */
        UNAVAILABLE,
        /** Blocks the call until {@link #heal}; then the call runs normally. */
        STALL,
        /** Runs a write, then throws {@link OutcomeUnknownException}. Does not apply to lookups. */
        ANSWER_LOST,
        /** Throws {@link OutcomeUnknownException} without running a write. Does not apply to lookups. */
        COMMIT_LOST;

        private boolean appliesTo(boolean write) {
            return write || this == UNAVAILABLE || this == STALL;
        }
    }

    /** A fault for one call. */
    private record OneCall(Fault fault, boolean writesOnly) {

        boolean isFor(boolean write) {
            return fault.appliesTo(write) && (write || !writesOnly);
        }
    }

    private FaultyKeyStore(KeyStore store) {
        this.store = store;
    }

    /**
     * Wraps a store; no fault is active.
     *
     * @param store the store
     * @return the decorator
     */
    public static FaultyKeyStore wrapping(KeyStore store) {
        return new FaultyKeyStore(Objects.requireNonNull(store));
    }

    /**
     * Injects a fault into the next call that it applies to.
     *
     * @param fault the fault
     */
    public synchronized void onNextCall(Fault fault) {
        pending.add(new OneCall(Objects.requireNonNull(fault), false));
    }

    /**
     * Injects a fault into the next write. Recording usage and claiming expiring keys are writes.
     *
     * @param fault the fault
     */
    public synchronized void onNextWrite(Fault fault) {
        pending.add(new OneCall(Objects.requireNonNull(fault), true));
    }

    /**
     * Injects a fault into every call that it applies to, until {@link #heal}. Faults for single calls take precedence.
     *
     * @param fault the fault; replaces any earlier one
     */
    public synchronized void untilHealed(Fault fault) {
        lasting = Objects.requireNonNull(fault);
    }

    /** Removes all faults, and releases blocked calls. */
    public synchronized void heal() {
        pending.clear();
        lasting = null;
        stalled = 0;
        heals++;
        notifyAll();
    }

    /**
     * Waits until a call is blocked by {@link Fault#STALL}. Never times out: give the test a time-out.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized void awaitStalled() throws InterruptedException {
        while (stalled == 0) {
            wait();
        }
    }

    @Override
    protected KeyStore delegate() {
        return store;
    }

    @Override
    public WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now) {
        return write(key.key().id(), () -> store.insert(key, limits, now));
    }

    @Override
    public List<WriteResult> insertAll(List<ImportCandidate> candidates) {
        return write(null, () -> store.insertAll(candidates));
    }

    @Override
    public WriteResult change(ApiKey changed, Instant now) {
        return write(changed.id(), () -> store.change(changed, now));
    }

    @Override
    public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
        return write(successor.key().id(), () -> store.replace(changed, successor, now));
    }

    @Override
    public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return write(id, () -> store.revoke(tenant, id, revocation));
    }

    @Override
    public WriteResult suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now) {
        return write(id, () -> store.suspend(tenant, id, suspension, now));
    }

    @Override
    public WriteResult resume(TenantId tenant, KeyId id, Instant now) {
        return write(id, () -> store.resume(tenant, id, now));
    }

    @Override
    public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        return write(null, () -> store.revokeAll(tenant, revocation));
    }

    @Override
    public BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        return write(null, () -> store.revokeCreatedBy(tenant, createdBy, revocation, limit));
    }

    @Override
    public BulkWriteResult revokeOwnedBy(TenantId tenant, KeyOwner owner, Revocation revocation, int limit) {
        return write(null, () -> store.revokeOwnedBy(tenant, owner, revocation, limit));
    }

    @Override
    public BulkWriteResult purge(Instant inactiveBefore, int limit) {
        return write(null, () -> store.purge(inactiveBefore, limit));
    }

    @Override
    public BulkWriteResult purgeTenant(TenantId tenant, int limit) {
        return write(null, () -> store.purgeTenant(tenant, limit));
    }

    @Override
    public void forgetEvictions(long revision) {
        write(null, () -> {
            store.forgetEvictions(revision);
            return revision;
        });
    }

    @Override
    public Optional<UsageStore> usageStore() {
        return store.usageStore().map(real -> new UsageStore() {
            @Override
            public void recordUsage(List<UsageDelta> usage) {
                write(null, () -> {
                    real.recordUsage(usage);
                    return usage;
                });
            }

            @Override
            public List<StoredKey> claimExpiring(Instant now, Duration warning, int limit) {
                return write(null, () -> real.claimExpiring(now, warning, limit));
            }
        });
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        return lookup(() -> store.findByDigest(digest));
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        return lookup(() -> store.find(tenant, id));
    }

    @Override
    public List<StoredKey> list(KeySelection selection) {
        return lookup(() -> store.list(selection));
    }

    @Override
    public Set<DigestOrigin> originsInUse(Instant now) {
        return lookup(() -> store.originsInUse(now));
    }

    @Override
    public Map<DigestOrigin, Long> countByOrigin(Instant now) {
        return lookup(() -> store.countByOrigin(now));
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        ChangeFeed real = write(null, () -> store.openChangeFeed(lease));
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                return lookup(() -> real.poll(applied, limit));
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    private <T> T lookup(Supplier<T> call) {
        applyNextFault(false);
        return call.get();
    }

    /** Runs a write under the next fault; the id is null if the write concerns several keys. */
    private <T> T write(@Nullable KeyId id, Supplier<T> call) {
        @Nullable Fault fault = applyNextFault(true);
        T answer = fault == Fault.COMMIT_LOST ? null : call.get();
        if (answer == null || fault == Fault.ANSWER_LOST) {
            throw id == null ? new OutcomeUnknownException(null) : new OutcomeUnknownException(id, null);
        }
        return answer;
    }

    /** Takes the next fault, applies it unless it concerns the result of the call, and returns it. */
    private synchronized @Nullable Fault applyNextFault(boolean write) {
        @Nullable Fault fault = next(write);
        if (fault == Fault.UNAVAILABLE) {
            throw new StoreUnavailableException("the test injected UNAVAILABLE", null);
        }
        if (fault == Fault.STALL) {
            stall();
        }
        return fault;
    }

    private @Nullable Fault next(boolean write) {
        for (Iterator<OneCall> calls = pending.iterator(); calls.hasNext(); ) {
            OneCall call = calls.next();
            if (call.isFor(write)) {
                calls.remove();
                return call.fault();
            }
        }
        return lasting != null && lasting.appliesTo(write) ? lasting : null;
    }

    /** Runs under the lock under which the fault was taken, or a concurrent heal would be missed. */
    private void stall() {
        long before = heals;
        stalled++;
        notifyAll();
        try {
            while (heals == before) {
                wait();
            }
        } catch (InterruptedException e) {
            stalled -= heals == before ? 1 : 0;
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the call was interrupted while it was stalled", e);
        }
    }
}
