package dev.keywright;

import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;

/**
 * The API keys of a back end: verifies those that clients present, and leads those who may to their management. Safe for
 * use by many threads; make one for each store, keep it, and close it when the back end stops.
 */
public interface ApiKeys extends KeyVerifier, AutoCloseable {

    /**
     * The keys of the session's tenant, to be managed. There is no way here from an API key: none can manage keys,
     * whatever its scopes.
     *
     * @param session who asks, as the host has authenticated them
     * @return the keys of their tenant, and of no other
     * @throws NotPermittedException if the session may not manage keys
     */
    TenantKeys managedBy(ManagementSession session);

    /**
     * The keys of all tenants, for the host's own code, where no person acts. Nothing of it may be reachable over HTTP.
     *
     * @param job what acts; whatever is done is done in its name
     * @return the work that can be done
     */
    KeyOperations operatedBy(Job job);

    /**
     * Revokes keys for a holder of their text, such as a person or a scanner that found them where they should not be. The
     * promise is that of {@link TenantKeys#revoke(KeyId, String)}; holding the text gives no other power.
     *
     * <p>Each text of the shape of a key is found wherever it stands in what is given: between quotes, after {@code Bearer}
     * or {@code API_KEY=}, before a full stop or further letters, several in one text. Every key that such a text belongs to is
     * revoked, under each pepper, issued here or imported. A text of that shape takes the same calls of the store and the same
     * wait whether its key is active, revoked or unknown, so that neither time nor failure tells a stranger which.
     *
     * @param secret the text of the key, or any text with 1 to 100 keys in it
     * @param reason why, as for {@link TenantKeys#revoke(KeyId, String)}
     * @return whether one of them is a key of ours, which is now revoked. Strangers are better not told
     * @throws InvalidRequestException for the field {@code key}, if the text has no key in it, or more than 100
     * @throws StoreUnavailableException if the store cannot write; then the keys that stand before in the text may be revoked
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    boolean revokeByPossession(Secret secret, String reason);

    /** {@return the scopes that keys can be issued with} */
    ScopeCatalog scopeCatalog();

    /**
     * Writes down the uses that were gathered since the last time, delivers to listeners what is waiting for them, for at
     * most some seconds, and stops the threads that did so. Neither the store nor its data source is closed. Keys can
     * still be verified and managed afterwards, but uses are no longer written down at intervals. Closing again does nothing.
     */
    @Override
    void close();
}
