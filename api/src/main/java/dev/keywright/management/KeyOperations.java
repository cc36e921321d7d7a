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
 * Operations for host code that runs without a person. They MUST NOT be reachable over HTTP. The {@link Job} is the actor of every
 * change. Thread-safe.
 */
public interface KeyOperations {

    /**
     * Returns the management of a tenant's keys. A job may issue every scope of the catalog: no grant policy applies.
     *
     * @param tenant the tenant
     * @return the keys
     */
    TenantKeys keysOf(TenantId tenant);

    /**
     * Imports keys of another system by their digests. They can be verified immediately. Each row is imported or refused with a
     * reason, independently of the others. A key that the tenant already has is left unchanged, so that an import can be
     * repeated after any failure. Keys that were {@linkplain #purge purged}, or whose pepper is no longer configured, are not
     * detected: finish all imports before a purge or the removal of a pepper, or revoked keys become active again.
     *
     * <p>The time of issue is that of the import. The host's lifetimes apply as for new keys. The maximum number of active keys
     * does not apply, since these keys are already in use.
     *
     * @param rows the keys, read once and in order, in any number
     * @param progress called in this thread after every few hundred rows and at the end
     * @return the number of imported and existing rows, and the refused ones
     * @throws StoreUnavailableException if the store cannot write; the rows last reported as processed are imported, the others
     *     are not
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
     * Deletes keys of all tenants that have been inactive for a period, in batches of one transaction each, so that other
     * writes can run in between. Clients that present a purged key see no difference. Repeating an import restores purged keys.
     *
     * @param age how long ago the keys must have been revoked or expired
     * @return the number of deleted keys
     * @throws InvalidRequestException for the field {@code age}, if the age is negative
     * @throws StoreUnavailableException if the store cannot write; earlier batches may be deleted
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     */
    long purge(Duration age);

    /**
     * Deletes all keys of a tenant, their usage, and everything else that the store keeps about the tenant. First revokes all keys
     * atomically, with the guarantee of {@link TenantKeys#revokeAll}; then deletes them in batches, so that other writes can run
     * in between. Log lines stay. If the tenant's id is reused, no earlier key is accepted or listed. Keys issued during the call
     * may be deleted too.
     *
     * @param tenant the tenant
     * @return the number of deleted keys
     * @throws StoreUnavailableException if the store cannot write; the keys may be revoked and some deleted: repeat the call
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long deleteTenant(TenantId tenant);

    /**
     * Returns the number of keys under each pepper.
     *
     * @return an element for each pepper that is configured or has active keys, the issuing one first
     * @throws StoreUnavailableException if the store cannot answer
     */
    List<PepperUsage> pepperUsage();

    /**
     * Returns the statistics of this node's cache.
     *
     * @return the statistics; empty if this node does not cache
     */
    Optional<CacheStats> cacheStats();
}
