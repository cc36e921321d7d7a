package dev.keywright.testkit;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
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
 * A store in front of another one, which fails as it is told to: so that a test can see what becomes of a back end whose
 * database does.
 *
 * <pre>{@code
 * keys.store().onNextWrite(Fault.ANSWER_LOST);
 * }</pre>
 *
 * <p>Each fault befalls one call, in the order in which they were asked for, or all calls until the store is healed. Safe
 * for use by many threads.
 */
public final class FaultyKeyStore extends ForwardingKeyStore {

    private final KeyStore store;
    private final List<OneCall> toCome = new ArrayList<>();
    private @Nullable Fault lasting;
    private int stalled;
    private long healings;

    /** What can befall a call. */
    public enum Fault {
        /** The store cannot answer: {@link StoreUnavailableException}, before anything is done. */
        UNAVAILABLE,
        /** The call does not end, until the store is healed; then it is done, as if nothing had been. */
        STALL,
        /** A write is done, and nobody learns of it: {@link OutcomeUnknownException}. Nothing befalls a look-up. */
        ANSWER_LOST,
        /** A write is not done, and nobody learns of that either: {@link OutcomeUnknownException}. Nothing befalls a look-up. */
        COMMIT_LOST;

        private boolean canBefall(boolean write) {
            return write || this == UNAVAILABLE || this == STALL;
        }
    }

    /** What is to befall one call. */
    private record OneCall(Fault fault, boolean writesOnly) {

        boolean isFor(boolean write) {
            return fault.canBefall(write) && (write || !writesOnly);
        }
    }

    private FaultyKeyStore(KeyStore store) {
        this.store = store;
    }

    /**
     * Puts itself in front of a store; for the moment, all is well.
     *
     * @param store where the keys are
     * @return the store that can fail
     */
    public static FaultyKeyStore wrapping(KeyStore store) {
        return new FaultyKeyStore(Objects.requireNonNull(store));
    }

    /**
     * Lets a fault befall the next call that it can befall.
     *
     * @param fault which
     */
    public synchronized void onNextCall(Fault fault) {
        toCome.add(new OneCall(Objects.requireNonNull(fault), false));
    }

    /**
     * Lets a fault befall the next write; to record uses and to take what ends soon are writes, too.
     *
     * @param fault which
     */
    public synchronized void onNextWrite(Fault fault) {
        toCome.add(new OneCall(Objects.requireNonNull(fault), true));
    }

    /**
     * Lets a fault befall each call that it can befall, for which none was asked by itself.
     *
     * @param fault which; it replaces any that was said so before
     */
    public synchronized void untilHealed(Fault fault) {
        lasting = Objects.requireNonNull(fault);
    }

    /** Ends all faults, those to come too, and lets the calls that stall go on. */
    public synchronized void heal() {
        toCome.clear();
        lasting = null;
        stalled = 0;
        healings++;
        notifyAll();
    }

    /**
     * Waits until a call stalls; not at all, if one does already. For ever, if none ever does: give the test a time-out.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
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
    public WriteResult insert(StoredKey key, int maxActiveKeys, Instant now) {
        return write(key.key().id(), () -> store.insert(key, maxActiveKeys, now));
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
    public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        return write(null, () -> store.revokeAll(tenant, revocation));
    }

    @Override
    public BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        return write(null, () -> store.revokeCreatedBy(tenant, createdBy, revocation, limit));
    }

    @Override
    public BulkWriteResult purge(Instant endedBefore, int limit) {
        return write(null, () -> store.purge(endedBefore, limit));
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
            public List<StoredKey> claimExpiring(Instant now, Instant until, int limit) {
                return write(null, () -> real.claimExpiring(now, until, limit));
            }
        });
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        return lookUp(() -> store.findByDigest(digest));
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        return lookUp(() -> store.find(tenant, id));
    }

    @Override
    public List<StoredKey> list(
            TenantId tenant,
            ApiKey.@Nullable State state,
            @Nullable Actor createdBy,
            Instant now,
            @Nullable ListPosition after,
            int limit) {
        return lookUp(() -> store.list(tenant, state, createdBy, now, after, limit));
    }

    @Override
    public Set<DigestOrigin> originsInUse(Instant now) {
        return lookUp(() -> store.originsInUse(now));
    }

    @Override
    public Map<DigestOrigin, Long> countByOrigin(Instant now) {
        return lookUp(() -> store.countByOrigin(now));
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        ChangeFeed real = write(null, () -> store.openChangeFeed(lease));
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                return lookUp(() -> real.poll(applied, limit));
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    private <T> T lookUp(Supplier<T> call) {
        befall(false);
        return call.get();
    }

    /** Writes, unless it comes otherwise; null for the id where several keys would be in doubt. */
    private <T> T write(@Nullable KeyId id, Supplier<T> call) {
        @Nullable Fault fault = befall(true);
        T answer = fault == Fault.COMMIT_LOST ? null : call.get();
        if (answer == null || fault == Fault.ANSWER_LOST) {
            throw id == null ? new OutcomeUnknownException(null) : new OutcomeUnknownException(id, null);
        }
        return answer;
    }

    /** {@return what befalls a call, as far as it has not befallen it here already} */
    private synchronized @Nullable Fault befall(boolean write) {
        @Nullable Fault fault = next(write);
        if (fault == Fault.UNAVAILABLE) {
            throw new StoreUnavailableException("the store fails, because a test has told it to", null);
        }
        if (fault == Fault.STALL) {
            stall();
        }
        return fault;
    }

    private @Nullable Fault next(boolean write) {
        for (Iterator<OneCall> calls = toCome.iterator(); calls.hasNext(); ) {
            OneCall call = calls.next();
            if (call.isFor(write)) {
                calls.remove();
                return call.fault();
            }
        }
        return lasting != null && lasting.canBefall(write) ? lasting : null;
    }

    /** Within the same lock in which the fault was taken: a healing in between would be missed. */
    private void stall() {
        long before = healings;
        stalled++;
        notifyAll();
        try {
            while (healings == before) {
                wait();
            }
        } catch (InterruptedException e) {
            stalled -= healings == before ? 1 : 0;
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the call was interrupted while the store stalled", e);
        }
    }
}
