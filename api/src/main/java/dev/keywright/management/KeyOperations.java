package dev.keywright.management;

import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Work on keys without a person: for the host's own code, and never to be reached over HTTP. Whatever is done here is done
 * in the name of a {@link Job}. Safe for use by many threads.
 */
public interface KeyOperations {

    /**
     * The keys of any tenant, to be managed. No rule but the catalog holds a job back from a scope.
     *
     * @param tenant whose keys
     * @return the keys
     */
    TenantKeys keysOf(TenantId tenant);

    /**
     * Takes in keys that another system issued, by their digests. They verify at once. A row is taken in whole, or refused
     * with its reason, and the rest goes on; a row whose key its tenant has already, however it has been changed since, is
     * left as it is, so that an import can be repeated after any failure. But what was {@linkplain #purge purged}, or hangs
     * on a pepper that is no longer given, is not recognised: so end with importing before you purge or take a pepper away,
     * or keys would come back to life that were revoked.
     *
     * <p>The keys are dated by their import. The host's lifetimes count for them as for new keys; the number of active keys
     * is not limited here, since these are in use already.
     *
     * @param rows the keys, read once and in order; as many as there are
     * @param progress told what has been done so far, after every few hundred rows and at the end, in this thread
     * @return what became of the rows
     * @throws StoreUnavailableException if the store cannot write; then what was reported as done is done, and the rest is not
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the import
     */
    ImportReport importKeys(Iterable<ImportedKey> rows, Consumer<ImportProgress> progress);

    /**
     * Imports keys as {@link #importKeys(Iterable, Consumer)} does, without reporting progress.
     *
     * @param rows the keys, read once and in order
     * @return the result
     * @throws StoreUnavailableException if the store cannot write; an unknown number of rows is imported
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the import
     */
    default ImportReport importKeys(Iterable<ImportedKey> rows) {
        return importKeys(rows, progress -> {});
    }

    /**
     * Deletes keys of all tenants that ended, were revoked or expired, long ago: a batch at a time, each a transaction of its
     * own, so that others can write in between. Whoever presents such a key afterwards is told nothing else than before. An
     * import that is repeated afterwards brings purged keys back.
     *
     * @param age how long ago they must have ended
     * @return how many were deleted
     * @throws InvalidRequestException for the field {@code age}, if it is negative
     * @throws StoreUnavailableException if the store cannot write; then the batches before may be gone
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     */
    long purge(Duration age);

    /**
     * Deletes all keys of a tenant with their usage, and whatever else the store keeps about it: for the day on which a tenant
     * leaves. The keys are revoked as one first, under the promise of {@link TenantKeys#revokeAll}; then they are deleted, some at
     * a time, so that others can write in between. The log keeps what was logged. If the tenant's id is used again, its keys are
     * new: no earlier key works, and none is listed. Keys that are issued while this runs may be deleted too.
     *
     * @param tenant the tenant
     * @return how many keys were deleted
     * @throws StoreUnavailableException if the store cannot write; then the keys may be revoked and some deleted: repeat the call
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long deleteTenant(TenantId tenant);

    /**
     * What hangs on each pepper.
     *
     * @return one line for each pepper that was given or has active keys, the issuing one first
     * @throws StoreUnavailableException if the store cannot answer
     */
    List<PepperUsage> pepperUsage();

    /**
     * How the cache of this node is doing, for metrics and for whoever looks why the database is busy.
     *
     * @return its state; empty where this node does not cache
     */
    Optional<CacheStats> cacheStats();
}
