package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.AlreadyIssuedException;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Writes keys to the store. No other class of core calls the methods of the store that write keys, so that no
 * management class can write without waiting for the caches. Thread-safe.
 *
 * <ol>
 *   <li>Commit the write. If its outcome is unknown ({@link OutcomeUnknownException}), repeat a revocation, a suspension or a change of
 *       one key, which is idempotent, and look an insertion up by its id. Bulk writes and imports are repeated by the caller.
 *   <li>Publish the event, if this write made the change.
 *   <li>Wait at the {@linkplain RevocationBarrier revocation barrier} for the lease that the store returned with the write. Wait
 *       also if a revocation or a deletion changed nothing, because the earlier writer may have died before its own barrier
 *       had passed. Interruption ends the wait, except for a rotation: its secret would be lost with the exception.
 * </ol>
 *
 * <p>There is no barrier after the insertion of one key, whose text no cache can know, or after a change that was refused. A
 * write that fails throws without one.
 */
public final class WriteCoordinator {

    /** The target of a write that changes nothing: no generated id lacks the prefix {@code key_}. */
    private static final KeyId NO_KEY = KeyId.of("none");

    private static final TenantId NO_TENANT = TenantId.of("none");
    private static final Revocation NO_REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");

    private final KeyStore store;
    private final RevocationBarrier barrier;
    private final EventPublisher events;

    public WriteCoordinator(KeyStore store, MonotonicTime time, EventPublisher events) {
        this.store = store;
        this.barrier = new RevocationBarrier(time, events);
        this.events = events;
    }

    /**
     * Inserts a key.
     *
     * @return the inserted key; empty if the tenant or the owner has the maximum number of active keys
     * @throws AlreadyIssuedException if the tenant has a key of the same issue request
     */
    Optional<ApiKey> insert(StoredKey row, ActiveKeyLimits limits, Instant now) {
        Optional<ApiKey> inserted;
        try {
            WriteResult result = requireUnique(() -> store.insert(row, limits, now));
            inserted = result.key().map(StoredKey::key);
            if (!result.changed() && inserted.isPresent()) {
                throw new AlreadyIssuedException(inserted.get().id());
            }
        } catch (OutcomeUnknownException e) {
            inserted = Optional.of(resolveOutcome(row.key(), e));
        }
        inserted.ifPresent(events::issued);
        return inserted;
    }

    /**
     * Changes a key.
     *
     * @param before the key as it was read
     * @param wanted the key as it is to be, with the version of {@code before}
     * @return the changed key
     * @throws KeyNotFoundException if the key has been deleted
     * @throws dev.keywright.KeyConflictException if the key is not active, or has another version
     */
    ApiKey change(ApiKey before, ApiKey wanted, Actor by, Instant now) {
        WriteResult result;
        boolean retried = false;
        try {
            result = store.change(wanted, now);
        } catch (OutcomeUnknownException e) {
            result = retry(e, () -> store.change(wanted, now));
            retried = true;
        }
        ApiKey after = result.key().orElseThrow(KeyNotFoundException::new).key();
        if (!result.changed() && !(retried && wasApplied(wanted, after))) {
            KeyEditor.requireChangeable(after, wanted.version(), now);
            throw new IllegalStateException("the store did not change a key that could be changed: " + after.id());
        }
        events.changed(before, after, by);
        barrier.await(result.lease());
        return after;
    }

    private static boolean wasApplied(ApiKey wanted, ApiKey after) {
        return after.version() == wanted.version() + 1
                && after.name().equals(wanted.name())
                && after.scopes().equals(wanted.scopes())
                && after.owner().equals(wanted.owner())
                && after.description().equals(wanted.description())
                && after.attributes().equals(wanted.attributes());
    }

    /**
     * Changes a key and inserts its successor.
     *
     * @return the predecessor as it now is; empty, and nothing is written, if it has been changed since it was read
     */
    Optional<ApiKey> replace(ApiKey wanted, StoredKey successor, Instant now) {
        ApiKey predecessor;
        Duration lease;
        try {
            WriteResult result = requireUnique(() -> store.replace(wanted, successor, now));
            if (!result.changed()) {
                return Optional.empty();
            }
            predecessor = result.key().orElseThrow().key();
            lease = result.lease();
        } catch (OutcomeUnknownException e) {
            resolveOutcome(successor.key(), e);
            lease = retry(e, this::writeNothing).lease();
            predecessor = retry(e, () -> find(wanted)).orElseThrow(KeyNotFoundException::new);
        }
        events.rotated(predecessor, successor.key());
        barrier.awaitUninterruptibly(lease);
        return Optional.of(predecessor);
    }

    /** {@return the revoked key; empty if the tenant has no such key} */
    Optional<ApiKey> revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return batch(batch -> batch.revoke(tenant, id, revocation));
    }

    /**
     * Suspends a key. The barrier is passed in any case, also before the exception for a key that is revoked: the caller relies on
     * it that no node accepts the key.
     *
     * @return the key after the write
     * @throws KeyNotFoundException if the tenant has no such key
     * @throws dev.keywright.KeyConflictException if the key is not active
     */
    ApiKey suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now) {
        WriteResult result;
        boolean first;
        try {
            result = store.suspend(tenant, id, suspension, now);
            first = result.changed();
        } catch (OutcomeUnknownException e) {
            result = retry(e, () -> store.suspend(tenant, id, suspension, now));
            // The row shows whether the first attempt was committed.
            first = result.key()
                    .flatMap(stored -> stored.key().suspension())
                    .filter(suspension::equals)
                    .isPresent();
        }
        Optional<ApiKey> key = result.key().map(StoredKey::key);
        if (first) {
            events.suspended(key.orElseThrow());
        }
        return afterBarrier(key, result.lease(), now);
    }

    /**
     * Resumes a key, and waits as {@link #suspend} does.
     *
     * @return the key after the write
     * @throws KeyNotFoundException if the tenant has no such key
     * @throws dev.keywright.KeyConflictException if the key is not active
     */
    ApiKey resume(TenantId tenant, KeyId id, Actor by, Instant now) {
        // Its version shows whether an attempt with an unknown outcome was committed: a key that is resumed keeps no
        // trace of it.
        Optional<ApiKey> before = store.find(tenant, id).key().map(StoredKey::key);
        WriteResult result;
        boolean retried = false;
        try {
            result = store.resume(tenant, id, now);
        } catch (OutcomeUnknownException e) {
            result = retry(e, () -> store.resume(tenant, id, now));
            retried = true;
        }
        Optional<ApiKey> key = result.key().map(StoredKey::key);
        if (result.changed() || (retried && wasResumed(before, key))) {
            events.resumed(key.orElseThrow(), by);
        }
        return afterBarrier(key, result.lease(), now);
    }

    private static boolean wasResumed(Optional<ApiKey> before, Optional<ApiKey> after) {
        return before.isPresent()
                && before.get().suspension().isPresent()
                && after.isPresent()
                && after.get().suspension().isEmpty()
                && after.get().version() == before.get().version() + 1;
    }

    private ApiKey afterBarrier(Optional<ApiKey> key, Duration lease, Instant now) {
        barrier.await(lease);
        ApiKey after = key.orElseThrow(KeyNotFoundException::new);
        KeyEditor.requireActive(after, now);
        return after;
    }

    /** {@return how many keys of the tenant were revoked} */
    long revokeAll(TenantId tenant, Revocation revocation) {
        BulkWriteResult result = store.revokeAll(tenant, revocation);
        events.revokedAll(tenant, result.changed(), revocation);
        barrier.await(result.lease());
        return result.changed();
    }

    /** {@return how many keys that the user created were revoked} */
    long revokeCreatedBy(TenantId tenant, UserId creator, Revocation revocation) {
        Actor createdBy = Actor.person(creator);
        return revokeInWrites(
                limit -> store.revokeCreatedBy(tenant, createdBy, revocation, limit),
                revoked -> events.revokedCreatedBy(tenant, creator, revoked, revocation));
    }

    /** {@return how many keys of the owner were revoked} */
    long revokeOwnedBy(TenantId tenant, KeyOwner owner, Revocation revocation) {
        return revokeInWrites(
                limit -> store.revokeOwnedBy(tenant, owner, revocation, limit),
                revoked -> events.revokedOwnedBy(tenant, owner, revoked, revocation));
    }

    /** Revokes in writes of a bounded size, until one finds fewer keys: at its revision none is left. */
    private long revokeInWrites(IntFunction<BulkWriteResult> write, LongConsumer event) {
        long revoked = 0;
        BulkWriteResult result;
        try {
            do {
                result = write.apply(KeyStore.MAX_KEYS_PER_WRITE);
                revoked += result.changed();
            } while (result.changed() == KeyStore.MAX_KEYS_PER_WRITE);
        } finally {
            // Earlier writes stay committed if a later one fails.
            if (revoked > 0) {
                event.accept(revoked);
            }
        }
        barrier.await(result.lease());
        return revoked;
    }

    /** {@return how many keys were deleted, of all that became inactive before the instant} */
    long purge(Instant inactiveBefore) {
        return deleteAll(limit -> store.purge(inactiveBefore, limit));
    }

    /** {@return how many keys of the tenant were deleted} */
    long purgeTenant(TenantId tenant) {
        return deleteAll(limit -> store.purgeTenant(tenant, limit));
    }

    /** Deletes in writes of a bounded size. After the barrier no node needs the records of the evictions. */
    private long deleteAll(IntFunction<BulkWriteResult> write) {
        long deleted = 0;
        BulkWriteResult result;
        do {
            result = write.apply(KeyStore.MAX_KEYS_PER_WRITE);
            deleted += result.changed();
        } while (result.changed() == KeyStore.MAX_KEYS_PER_WRITE);
        barrier.await(result.lease());
        store.forgetEvictions(result.revision());
        return deleted;
    }

    /** Runs several writes, and then waits once, for the last of them. */
    <T> T batch(Function<Batch, T> writes) {
        Batch batch = new Batch();
        T result = writes.apply(batch);
        batch.closed = true;
        barrier.await(batch.lease);
        return result;
    }

    /** Writes that one barrier follows. Usable by one thread, and only within {@link #batch}. */
    final class Batch {

        private Duration lease = Duration.ZERO;
        private boolean closed;

        private Batch() {}

        /** {@return the revoked key; empty if the tenant has no such key} */
        Optional<ApiKey> revoke(TenantId tenant, KeyId id, Revocation revocation) {
            requireOpen();
            WriteResult result;
            boolean first;
            try {
                result = store.revoke(tenant, id, revocation);
                first = result.changed();
            } catch (OutcomeUnknownException e) {
                result = retry(e, () -> store.revoke(tenant, id, revocation));
                // The row shows whether the first attempt was committed.
                first = result.key()
                        .flatMap(stored -> stored.key().revocation())
                        .filter(revocation::equals)
                        .isPresent();
            }
            lease = result.lease();
            Optional<ApiKey> key = result.key().map(StoredKey::key);
            if (first) {
                events.revoked(key.orElseThrow());
            }
            return key;
        }

        /** Makes a write that changes nothing: it learns the lease, and fails where a revocation would. */
        void writeNothing() {
            requireOpen();
            lease = WriteCoordinator.this.writeNothing().lease();
        }

        /** {@return for each candidate, in order, the row that has its text} */
        List<WriteResult> insertAll(List<ImportCandidate> candidates) {
            requireOpen();
            List<WriteResult> results = store.insertAll(candidates);
            for (WriteResult result : results) {
                lease = result.lease();
                if (result.changed()) {
                    events.issued(result.key().orElseThrow().key());
                }
            }
            return results;
        }

        private void requireOpen() {
            if (closed) {
                throw new IllegalStateException("the batch is closed: no barrier would follow this write");
            }
        }
    }

    /** Makes a write that changes nothing; it follows each write that was in progress. */
    private WriteResult writeNothing() {
        Supplier<WriteResult> write = () -> store.revoke(NO_TENANT, NO_KEY, NO_REVOCATION);
        try {
            return write.get();
        } catch (OutcomeUnknownException e) {
            return retry(e, write);
        }
    }

    private static WriteResult requireUnique(Supplier<WriteResult> insertion) {
        try {
            return insertion.get();
        } catch (DuplicateKeyException e) {
            // Not retried: 145 random bits that repeat were not random.
            throw new IllegalStateException(
                    "a generated key exists already: the source of randomness is broken; replace it", e);
        }
    }

    /**
     * Finds out by its id whether a key was inserted. A missing row proves nothing, since the commit may still be in progress. So
     * a write that changes nothing is made, which follows that commit; then the row exists, or never will.
     */
    private ApiKey resolveOutcome(ApiKey key, OutcomeUnknownException unknown) {
        return retry(
                        unknown,
                        () -> find(key).or(() -> {
                            writeNothing();
                            return find(key);
                        }))
                .orElseThrow(() -> new StoreUnavailableException(
                        "the store was lost while it wrote; no API key was issued", unknown));
    }

    private Optional<ApiKey> find(ApiKey key) {
        return store.find(key.tenant(), key.id()).key().map(StoredKey::key);
    }

    /** Calls the store once more after an unknown outcome; if it cannot answer, the outcome stays unknown. */
    private static <T> T retry(OutcomeUnknownException unknown, Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            unknown.addSuppressed(e);
            throw unknown;
        }
    }
}
