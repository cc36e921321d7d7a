package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
     * Issues a key. Where the request says no end, the normal lifetime of the host counts, if it has set one.
     *
     * @param request what is wanted
     * @return the key with its secret, which can be had only now
     * @throws InvalidRequestException if a scope is not offered; if the end does not lie in the future, lies after the year 9999, or
     *     further away than the longest lifetime of the host; or if the name has the text of a key in it
     * @throws NotPermittedException if the session may not hand out one of the scopes
     * @throws KeyConflictException if the tenant has as many active keys as it may have
     * @throws IllegalStateException if the key that was drawn exists already: the source of randomness is broken
     * @throws StoreUnavailableException if the store cannot write; then no key was issued
     * @throws OutcomeUnknownException if the connection was lost before the store had answered, and it cannot be made certain
     *     afterwards that no key was issued; nobody has its secret, and revoking the id that the exception names makes sure
     */
    IssuedKey issue(NewKey request);

    /**
     * Lists a page of keys, oldest first. Paging neither repeats a key nor skips one that existed from the start, whatever
     * happens to other keys meanwhile. A key that is issued meanwhile is on the last page, unless the clock of the issuing
     * node was behind.
     *
     * @param query the state of the keys, the page size, and the position at which to continue
     * @return the page
     * @throws InvalidRequestException for the field {@code cursor}, if the cursor belongs to another tenant or another kind of list
     * @throws StoreUnavailableException if the store cannot answer
     */
    KeyPage<ApiKey> list(KeyQuery query);

    /**
     * Lists the keys of all pages, as {@link #list} does: the first page immediately, the others as the stream is consumed.
     *
     * @param query the state of the keys, the page size, and the position at which to start
     * @return the keys, oldest first; {@link StoreUnavailableException} may also be thrown while the stream is consumed
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
     * Reads a key, in whatever state it is.
     *
     * @param id which
     * @return the key
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws StoreUnavailableException if the store cannot answer
     */
    ApiKey get(KeyId id);

    /**
     * Renames or re-scopes a key. When this returns normally, every verification that starts afterwards goes by the new
     * scopes, on any node, as {@link #revoke(KeyId, String)} promises it.
     *
     * @param id which
     * @param change what is wanted, and of which version
     * @return the key as it now is
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws InvalidRequestException if nothing is to be changed, a scope that the key has not yet is not offered, or the name has
     *     the text of a key in it
     * @throws NotPermittedException if the session may not hand out a scope that the key has not yet
     * @throws KeyConflictException if the key has another version by now, is revoked, or has ended
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; read the key again
     * @throws BarrierInterruptedException if the thread was interrupted while waiting: the key is changed, but a node that caches may
     *     still go by the old scopes for the moment
     */
    ApiKey change(KeyId id, KeyChange change);

    /**
     * Rotates a key: issues another one that takes its place, and gives the old one its end, in one write. For the time of
     * the overlap both work, so that those who use the key can move; then the old one ends by itself, never later than it
     * would have anyway. Without an overlap it is revoked at once, which is a matter of fact and not of clocks, as {@link
     * #revoke(KeyId, String)} promises it.
     *
     * <p>The new key has the name and the scopes of the old one, and lives as long as the old one was to live, counted from
     * now, within the longest lifetime of the host. While both work, they count as one active key.
     *
     * @param id which
     * @param overlap for how long the old key goes on, in whole milliseconds: from zero to 366 days
     * @return both keys, and the secret of the new one, which can be had only now
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws InvalidRequestException for the field {@code overlap}, if it is negative or too long
     * @throws NotPermittedException if the session may not hand out one of the key's scopes
     * @throws KeyConflictException if the key is revoked or has ended; if it was rotated already, to one that still works; or if it is
     *     itself what a key was rotated to that still works: then that rotation is to be ended first
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered, and it cannot be made certain
     *     afterwards that nothing was changed; the key that the exception names is the new one, whose secret nobody has
     */
    Rotation rotate(KeyId id, Duration overlap);

    /**
     * Ends a rotation early: the old key is revoked at once, as {@link #revoke(KeyId, String)} promises it. Ending it again
     * changes nothing.
     *
     * @param id the old key
     * @return the old key as it now is
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws KeyConflictException if the key was not rotated
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    ApiKey completeRotation(KeyId id);

    /**
     * Revokes a key for good.
     *
     * <p><b>When this returns normally, no verification that starts afterwards accepts the key, on any node, whatever was
     * cached there. A verification already begun may still accept it.</b> This holds provided that there is one writable
     * primary, which keeps the commits that it acknowledged; that every writer uses this library; that look-ups reach that
     * primary; and, where nodes cache, that monotonic clocks do not stop and run at rates less than 25 % apart. (A node
     * whose virtual machine was suspended may accept, once it goes on, for one lease at most since it last looked at its
     * clock.) Where nodes cache, this waits for their leases to run out: a third of a second.
     *
     * <p>Revoking a key that is revoked already changes nothing, and gives the same promise: the first revocation stays.
     * So it is safe to repeat after any failure.
     *
     * @param id which
     * @param reason why, for those who read the key's history; may be empty. An unfit reason is cleaned and never refused:
     *     control characters, line breaks, characters that override the direction of text, and lone surrogates become
     *     spaces, the text of a key becomes its hint ({@code …o5p6}), and what is longer than 200 characters is cut
     * @return the key as it now is
     * @throws KeyNotFoundException if this tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting: the key is revoked, but a node that caches may
     *     still accept it for the moment; repeat the call to wait again
     */
    ApiKey revoke(KeyId id, String reason);

    /**
     * Revokes several keys for good, each as {@link #revoke(KeyId, String)} does, and waits once for all of them. They are
     * looked for before the first one is revoked; where a failure comes in between, some are revoked and others not, and
     * the call is safe to repeat.
     *
     * @param ids which
     * @param reason why, as for one key
     * @return the keys as they now are, in the order of the ids
     * @throws KeyNotFoundException if this tenant has not all of these keys; then none was revoked
     * @throws StoreUnavailableException if the store cannot write
     * @throws OutcomeUnknownException if the connection was lost before the store had answered
     * @throws BarrierInterruptedException if the thread was interrupted while waiting
     */
    List<ApiKey> revoke(Collection<KeyId> ids, String reason);

    /**
     * Revokes all keys of the tenant in one write: whatever was issued, imported or rotated to before it is dead, and
     * whatever is issued after it is new. The promise is that of {@link #revoke(KeyId, String)}.
     *
     * @param reason why, as for one key
     * @return how many keys were revoked by this call; not those that were revoked before
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long revokeAll(String reason);

    /**
     * Revokes all keys of the tenant that one person created: for the day on which the person leaves. Up to 500 keys are revoked
     * in one write, further ones in further writes, and the call waits once. The promise is that of {@link #revoke(KeyId,
     * String)}; a key that the person creates while this runs may stay.
     *
     * @param creator the person
     * @param reason why, as for one key
     * @return how many keys were revoked by this call; not those that were revoked before
     * @throws StoreUnavailableException if the store cannot write; then some may be revoked, and the call is safe to repeat
     * @throws OutcomeUnknownException if the connection was lost before the store had answered; repeat the call
     * @throws BarrierInterruptedException if the thread was interrupted while waiting; repeat the call
     */
    long revokeCreatedBy(UserId creator, String reason);

    /** {@return what should be known about these keys} */
    KeyReports reports();
}
