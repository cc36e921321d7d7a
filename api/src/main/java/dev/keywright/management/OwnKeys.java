package dev.keywright.management;

import dev.keywright.AlreadyIssuedException;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import java.time.Duration;

/**
 * The keys that one person owns, for a person without the permission to manage keys. Obtained from {@link ApiKeys#ownedBy}.
 * Thread-safe. Use an instance for one request only, since the permission was checked when it was obtained.
 *
 * <p>Any other key is treated exactly like one that does not exist.
 */
public interface OwnKeys {

    /** {@return the person, as the owner of the keys} */
    KeyOwner owner();

    /**
     * Issues a key that the person owns, within the host's limits for own keys.
     *
     * @param request the request; an owner in it must be the person
     * @return the key with its secret, which is available only here
     * @throws InvalidRequestException as for {@link TenantKeys#issue}, and if the expiry exceeds the maximum lifetime of own keys
     * @throws AlreadyIssuedException if a key was issued for the same idempotency key within the last day
     * @throws NotPermittedException if the person may not hold one of the scopes, or the request has another owner
     * @throws KeyConflictException if the tenant has the maximum number of active keys
     * @throws StoreUnavailableException if the store cannot write; then no key was issued
     * @throws OutcomeUnknownException as for {@link TenantKeys#issue}
     */
    IssuedKey issue(NewKey request);

    /**
     * Lists a page of the person's keys, as {@link TenantKeys#list} does.
     *
     * @param query the query; an owner in it must be the person
     * @return the page
     * @throws NotPermittedException if the query has another owner
     * @throws InvalidRequestException as for {@link TenantKeys#list}
     * @throws StoreUnavailableException if the store cannot answer
     */
    KeyPage<ApiKey> list(KeyQuery query);

    /**
     * Returns a key of the person in any state.
     *
     * @param id the id of the key
     * @return the key
     * @throws KeyNotFoundException if the person owns no such key
     * @throws StoreUnavailableException if the store cannot answer
     */
    ApiKey get(KeyId id);

    /**
     * Rotates a key of the person, as {@link TenantKeys#rotate(KeyId, Duration)} does. The successor expires within the maximum
     * lifetime of own keys.
     *
     * @param id the id of the key
     * @param overlap how long the old key stays valid, in whole milliseconds; 0 to 366 days
     * @return both keys, and the secret of the new one
     * @throws KeyNotFoundException if the person owns no such key
     * @throws InvalidRequestException for the field {@code overlap}, if the overlap is out of range
     * @throws NotPermittedException if the person may not hold one of the key's scopes
     * @throws KeyConflictException as for {@link TenantKeys#rotate(KeyId, Duration)}
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException as for {@link TenantKeys#rotate(KeyId, Duration)}
     */
    Rotation rotate(KeyId id, Duration overlap);

    /**
     * Completes a rotation of the person's key, as {@link TenantKeys#completeRotation} does.
     *
     * @param id the id of the old key
     * @return the old key after the call
     * @throws KeyNotFoundException if the person owns no such key
     * @throws KeyConflictException if the key was not rotated
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey completeRotation(KeyId id);

    /**
     * Revokes a key of the person, with the guarantee of {@link TenantKeys#revoke(KeyId, String)}. If the key is transferred to
     * another owner during the call, it may still be revoked.
     *
     * @param id the id of the key
     * @param reason the reason, as for {@link TenantKeys#revoke(KeyId, String)}
     * @return the key after the call
     * @throws KeyNotFoundException if the person owns no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey revoke(KeyId id, String reason);
}
