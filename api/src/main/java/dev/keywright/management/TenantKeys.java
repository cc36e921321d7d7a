package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import java.util.Collection;
import java.util.List;

/** Management of all keys of one tenant. Thread-safe; use an instance for one request only, as {@link ManagedKeys} requires. */
public interface TenantKeys extends ManagedKeys {

    /** {@return the tenant} */
    TenantId tenant();

    /**
     * Changes a key: its name, scopes, owner, description or attributes. After this returns normally, every verification that
     * starts afterwards applies the change, on every node, with the guarantee of {@link #revoke(KeyId, String)}.
     *
     * @param id the id of the key
     * @param change the change, and the version that was read
     * @return the key after the call
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws InvalidRequestException if the change is empty, an added scope is not offered, or the name, the owner, the description
     *     or an attribute contains the text of a key
     * @throws NotPermittedException if the session may not grant an added scope, or give a key to the new owner
     * @throws KeyConflictException if the key has another version, is revoked, or has expired
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; read the key again
     * @throws BarrierInterruptedException if the thread was interrupted while waiting: the key is changed, but a caching node may
     *     still use the old key for up to a third of a second; read the key again, do not repeat the change
     */
    ApiKey change(KeyId id, KeyChange change);

    /**
     * Suspends a key until it is {@linkplain #resume resumed}: every verification rejects it, with the guarantee of {@link
     * #revoke(KeyId, String)}. A suspended key stays active otherwise: it counts against the limit of active keys, expires, and
     * can be listed, changed and revoked. It cannot be rotated, because its successor would be accepted.
     *
     * <p>Suspends this key only. During a rotation the other key, its {@linkplain ApiKey#predecessor predecessor} or {@linkplain
     * ApiKey#successor successor}, is still accepted; suspend it by a call of its own.
     *
     * <p>Idempotent: the first suspension stays, and a repeated call gives the same guarantee.
     *
     * @param id the id of the key
     * @param reason the reason, as for {@link #revoke(KeyId, String)}
     * @return the key after the call
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws KeyConflictException if the key is revoked or has expired
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey suspend(KeyId id, String reason);

    /**
     * Resumes a suspended key. After this returns normally, every verification that starts afterwards accepts the key again, on
     * every node. A verification may accept it earlier. Idempotent: a key that is not suspended stays as it is.
     *
     * @param id the id of the key
     * @return the key after the call
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws KeyConflictException if the key is revoked or has expired
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey resume(KeyId id);

    /**
     * Revokes several keys, each as {@link #revoke(KeyId, String)} does, and waits once for all of them. Looks all keys up first. A
     * failure can leave only some of them revoked; repeat the call.
     *
     * @param ids the ids of the keys
     * @param reason the reason, as for one key
     * @return the keys after the call, in the order of the ids
     * @throws KeyNotFoundException if a key does not exist; then none was revoked
     * @throws StoreUnavailableException if the store cannot write
     * @throws OutcomeUnknownException if the connection was lost before the store had answered
     * @throws BarrierInterruptedException if the thread was interrupted while waiting
     */
    List<ApiKey> revoke(Collection<KeyId> ids, String reason);

    /**
     * Revokes all keys of the tenant in one write, with the guarantee of {@link #revoke(KeyId, String)}: every key that was issued,
     * imported or rotated before it is revoked; keys issued after it are not.
     *
     * @param reason the reason, as for one key
     * @return the number of keys that this call revoked
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long revokeAll(String reason);

    /**
     * Revokes all keys that a person or a service owns, for example when the person leaves. The guarantee is that of {@link
     * #revokeAll} for these keys: every key that was issued to the owner, transferred to it or rotated before the call is revoked.
     * Writes up to 500 keys at a time and waits once. Keys that the person merely created stay: list them with {@link
     * KeyQuery#createdBy}, and revoke them with {@link #revokeCreatedBy}.
     *
     * @param owner the owner
     * @param reason the reason, as for one key
     * @return the number of keys that this call revoked
     * @throws StoreUnavailableException if the store cannot write; then some may be revoked, and the call is safe to repeat
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long revokeOwnedBy(KeyOwner owner, String reason);

    /**
     * Revokes all keys of the tenant that one person created, for example when the person leaves. Writes up to 500 keys at a time
     * and waits once, with the guarantee of {@link #revoke(KeyId, String)}. A key that the person creates during the call may stay.
     *
     * @param creator the id of the person
     * @param reason the reason, as for one key
     * @return the number of keys that this call revoked
     * @throws StoreUnavailableException if the store cannot write; then some may be revoked, and the call is safe to repeat
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long revokeCreatedBy(UserId creator, String reason);

    /** {@return the reports on these keys} */
    KeyReports reports();
}
