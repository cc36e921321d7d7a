package dev.keywright;

import java.util.List;

/**
 * The keys of one tenant, in the hands of somebody who may manage them. Safe for use by many threads; meant for the
 * length of a request, since the permission was checked when it was handed out.
 *
 * <p>A key of another tenant is not there: it is refused exactly as one that was never issued.
 */
public interface TenantKeys {

    /** {@return whose keys these are} */
    TenantId tenant();

    /**
     * Issues a key.
     *
     * @param request what is wanted
     * @return the key with its secret, which can be had only now
     * @throws InvalidRequest if a scope is not offered, the end does not lie in the future or lies after the year 9999, or
     *     the name has the text of a key in it
     * @throws IllegalStateException if the key that was drawn exists already: the source of randomness is broken
     * @throws StoreUnavailable if the store cannot write; then no key was issued
     * @throws OutcomeUnknown if the connection was lost before the store had answered, and it cannot be made certain
     *     afterwards that no key was issued; nobody has its secret, and revoking the id that the exception names makes sure
     */
    IssuedKey issue(NewKey request);

    /**
     * Lists the active keys: those neither revoked nor expired.
     *
     * @return all of them, oldest first
     * @throws StoreUnavailable if the store cannot answer
     */
    List<ApiKey> list();

    /**
     * Reads a key, in whatever state it is.
     *
     * @param id which
     * @return the key
     * @throws NoSuchKey if this tenant has no such key
     * @throws StoreUnavailable if the store cannot answer
     */
    ApiKey get(KeyId id);

    /**
     * Revokes a key for good.
     *
     * <p><b>When this returns normally, no verification that starts afterwards accepts the key, on any node, whatever was
     * cached there. A verification already begun may still accept it.</b> This holds provided that there is one writable
     * primary, which keeps the commits that it acknowledged; that every writer uses this library; that look-ups reach that
     * primary; and, where nodes cache, that monotonic clocks do not stop and run at rates less than 25 % apart. (A node
     * whose virtual machine was suspended may accept for what was left of its lease.) Where nodes cache, this waits for
     * their leases to run out.
     *
     * <p>Revoking a key that is revoked already changes nothing, and gives the same promise: the first revocation stays.
     * So it is safe to repeat after any failure.
     *
     * @param id which
     * @param reason why, for those who read the key's history: at most 200 characters, may be empty
     * @return the key as it now is
     * @throws NoSuchKey if this tenant has no such key
     * @throws InvalidRequest if the reason is too long, or has control characters or the text of a key in it
     * @throws StoreUnavailable if the store cannot write; then nothing has changed
     * @throws OutcomeUnknown if the connection was lost before the store had answered; repeat the call
     * @throws NotYetEverywhere if the thread was interrupted while waiting: the key is revoked, but a node that caches may
     *     still accept it for the moment; repeat the call to wait again
     */
    ApiKey revoke(KeyId id, String reason);
}
