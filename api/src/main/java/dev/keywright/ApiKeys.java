package dev.keywright;

import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;

/**
 * Entry point: verifies API keys, and gives access to their management. Thread-safe. Create one instance for each store, share
 * it, and close it when the application stops.
 */
public interface ApiKeys extends KeyVerifier, AutoCloseable {

    /**
     * Returns the management of the keys of the session's tenant. No overload takes an API key: no key can manage keys,
     * whatever its scopes.
     *
     * @param session the session, which the host has authenticated
     * @return the keys of the session's tenant only
     * @throws NotPermittedException if the session may not manage keys
     */
    TenantKeys managedBy(ManagementSession session);

    /**
     * Returns the keys that the person of the session owns, for a person without the permission to manage keys. The host permits
     * this by an option of the builder; by default no session may.
     *
     * @param session the session, which the host has authenticated
     * @return the keys that the session's user owns
     * @throws NotPermittedException if the session may not use keys of its own
     */
    ManagedKeys ownKeysOf(ManagementSession session);

    /**
     * Returns whether a session may use keys of its own only: {@link #ownKeysOf} permits it, and {@link #managedBy} does not. Unlike
     * these, does not report a session that may do neither.
     *
     * @param session the session, which the host has authenticated
     * @return whether the session is limited to its own keys
     */
    boolean isLimitedToOwnKeys(ManagementSession session);

    /**
     * Returns the operations for host code that runs without a person, on the keys of all tenants. They MUST NOT be reachable
     * over HTTP.
     *
     * @param job the job, which becomes the actor of every change
     * @return the operations
     */
    KeyOperations operatedBy(Job job);

    /**
     * Revokes keys for a holder of their text, such as a person or scanner that found a leak. The guarantee is that of {@link
     * TenantKeys#revoke(KeyId, String)}. Possession of the text permits nothing else.
     *
     * <p>Keys are found anywhere in the text: in quotes, after {@code Bearer} or {@code API_KEY=}, before a full stop or further
     * letters, and several in one text. Every matching key is revoked, under each pepper, issued here or imported. A text with
     * the shape of a key takes the same store calls and the same wait whether its key is active, revoked or unknown, so that
     * neither timing nor failures reveal which.
     *
     * @param secret the text of the key, or any text with 1 to 100 keys in it
     * @param reason the reason, as for {@link TenantKeys#revoke(KeyId, String)}
     * @return whether the text contained an existing key, which is now revoked. Do not reveal this to untrusted clients
     * @throws InvalidRequestException for the field {@code key}, if the text has no key in it, or more than 100
     * @throws StoreUnavailableException if the store cannot write; then earlier keys in the text may be revoked
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    boolean revokeByPossession(Secret secret, String reason);

    /** {@return the scopes that keys can be issued with} */
    ScopeCatalog scopeCatalog();

    /**
     * Records buffered usage, delivers queued events for at most some seconds, and stops the background threads. Does not
     * close the store or its data source. Keys can still be verified and managed afterwards, but usage is no longer recorded
     * at intervals. Idempotent.
     */
    @Override
    void close();
}
