package dev.keywright.management;

import dev.keywright.AlreadyIssuedException;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys that a session manages: all keys of its tenant ({@link TenantKeys}), or, for a person without that permission, those that
 * the person owns ({@link ApiKeys#ownKeysOf}). Any other key is treated exactly like one that does not exist. Thread-safe. Use an
 * instance for one request only, since the permission was checked when it was obtained.
 *
 * <p>A person's own keys have further rules. An issued key is owned by the person. It, and the successor of a rotation, must stay
 * within the host's limits of scopes, lifetime and environments. Attributes in a request are refused unless the host permits
 * them. A request or query that names another owner is refused with {@link NotPermittedException}. If a key is transferred to
 * another owner while the person revokes it, it may still be revoked.
 */
public interface ManagedKeys {

    /**
     * Issues a key. Without an expiry in the request, the default lifetime of the host applies, or else its maximum lifetime; if
     * neither is set, the key does not expire.
     *
     * @param request the request
     * @return the key with its secret, which is available only here
     * @throws InvalidRequestException if a scope is not offered; if the expiry is not in the future, is after the year 9999, or
     *     exceeds the maximum lifetime of the host; if no format of the host has the environment; if the name, the owner, the
     *     description or an attribute contains the text of a key; or if own keys may have no attributes
     * @throws AlreadyIssuedException if a key was issued for the same idempotency key within the last day
     * @throws NotPermittedException if the session may not grant one of the scopes, or give a key to the owner
     * @throws KeyConflictException if the tenant, or the owner of own keys, has the maximum number of active keys
     * @throws IllegalStateException if the generated key exists already: the source of randomness is broken
     * @throws StoreUnavailableException if the store cannot write; then no key was issued
     * @throws OutcomeUnknownException if the connection was lost before the store had answered, and a later check could not
     *     exclude that the key was issued; its secret was not delivered: revoke the id that the exception names
     */
    IssuedKey issue(NewKey request);

    /**
     * Lists a page of keys. Paging neither repeats a key nor skips one that passes the filters throughout, whatever happens to
     * other keys meanwhile. In an order other than that of creation, a key whose own name, last use or expiry changes meanwhile
     * moves in the list, and may be repeated or skipped. In the order of creation, a key that is issued meanwhile is on the last
     * page, unless the clock of the issuing node was behind.
     *
     * @param query the filters, the order, the page size, and the position at which to continue
     * @return the page
     * @throws InvalidRequestException for the field {@code cursor}, if the cursor belongs to another tenant, or to a query with other
     *     filters or another order
     * @throws StoreUnavailableException if the store cannot answer
     */
    KeyPage<ApiKey> list(KeyQuery query);

    /**
     * Lists the keys of all pages, as {@link #list} does: the first page immediately, the others as the stream is consumed.
     *
     * @param query the filters, the order, the page size, and the position at which to start
     * @return the keys, in order; {@link StoreUnavailableException} may also be thrown while the stream is consumed
     * @throws InvalidRequestException for the field {@code cursor}, as for {@link #list}
     * @throws StoreUnavailableException if the store cannot answer
     */
    default Stream<ApiKey> stream(KeyQuery query) {
        return Stream.iterate(
                        Optional.of(list(query)),
                        Optional::isPresent,
                        page -> page.orElseThrow().next().map(next -> list(query.from(next))))
                .flatMap(page -> page.orElseThrow().items().stream());
    }

    /**
     * Returns a key in any state.
     *
     * @param id the id of the key
     * @return the key
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws StoreUnavailableException if the store cannot answer
     */
    ApiKey get(KeyId id);

    /**
     * Rotates a key: issues a successor, and sets the expiry of the old key, in one write. Both keys are valid during the overlap,
     * so that clients can move; then the old key expires, never later than before the rotation. With a zero overlap the old key
     * is revoked immediately, which does not depend on clocks, with the guarantee of {@link #revoke(KeyId, String)}.
     *
     * <p>The successor has the name, scopes, owner, description, attributes and format of the old key, and its lifetime, counted
     * from now, within the maximum lifetime of the host. If the host has removed the format, the successor has the first one of the
     * same environment. While both are active, they count as one active key.
     *
     * @param id the id of the key
     * @param overlap how long the old key stays valid, in whole milliseconds; 0 to 366 days
     * @return both keys, and the secret of the new one, which is available only here
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws InvalidRequestException for the field {@code overlap}, if the overlap is out of range; for the field {@code
     *     environment}, if the host has no format of the key's environment any more; for the field {@code prefix}, if the key has
     *     no environment, and every format has one: name it
     * @throws NotPermittedException if the session may not grant one of the key's scopes
     * @throws KeyConflictException if the key is revoked or suspended, or has expired; if it has an active successor; or if it has
     *     an active predecessor: complete that rotation first
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered, and a later check could not
     *     exclude that the key was rotated; the exception names the new key, whose secret was not delivered
     */
    Rotation rotate(KeyId id, Duration overlap);

    /**
     * Rotates a key as {@link #rotate(KeyId, Duration)} does, and moves it to another format.
     *
     * @param id the id of the key
     * @param overlap how long the old key stays valid, in whole milliseconds; 0 to 366 days
     * @param prefix the prefix of the format of the successor
     * @return both keys, and the secret of the new one
     * @throws InvalidRequestException for the field {@code prefix}, if the host has no such format, or it is of another environment
     *     than the key; only a session that may manage keys can move a key without an environment into one; otherwise as for
     *     {@link #rotate(KeyId, Duration)}
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws NotPermittedException if the session may not grant one of the key's scopes
     * @throws KeyConflictException as for {@link #rotate(KeyId, Duration)}
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException as for {@link #rotate(KeyId, Duration)}
     */
    Rotation rotate(KeyId id, Duration overlap, String prefix);

    /**
     * Completes a rotation early: revokes the old key, with the guarantee of {@link #revoke(KeyId, String)}. Idempotent.
     *
     * @param id the id of the old key
     * @return the old key after the call
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws KeyConflictException if the key was not rotated
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey completeRotation(KeyId id);

    /**
     * Revokes a key permanently.
     *
     * <p><b>After this returns normally, no verification that starts afterwards accepts the key, on any node, whatever was
     * cached there. A verification that has already begun may still accept it.</b> This holds provided that there is one writable
     * primary, which keeps the commits that it acknowledged; that every writer uses this library; that lookups reach that
     * primary; and, where nodes cache, that monotonic clocks do not stop and run at rates less than 25 % apart. (A node
     * whose virtual machine was suspended may accept the key after it resumes, until one lease has passed, by its own
     * clock, since it last read that clock.) If nodes cache, this method waits until their leases expire: a third of a second.
     *
     * <p>Idempotent: the first revocation stays, and a repeated call gives the same guarantee. Repeat it after any failure.
     *
     * @param id the id of the key
     * @param reason the reason, for the key's history; may be empty. An invalid reason is sanitized, never refused:
     *     control characters, line breaks, characters that override the direction of text, and lone surrogates become
     *     spaces, the text of a key becomes its hint ({@code …o5p6}), and text beyond 200 characters is cut off
     * @return the key after the call
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting: the key is revoked, but a caching node may
     *     still accept it briefly; repeat the call to wait again
     */
    ApiKey revoke(KeyId id, String reason);
}
