package dev.keywright.spi;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are kept: a handful of atomic primitives. (The name is also a class's in {@code java.security}; a single-type
 * import settles it.)
 *
 * <p><b>Threads.</b> A store MUST be safe for use by many threads, and by many processes where it outlives one.
 *
 * <p><b>Writes.</b> A store keeps one row beside its keys, with a revision and a lease.
 *
 * <ol>
 *   <li>Each write is one transaction of the store's own, at READ COMMITTED or stronger; it MUST NOT join one of the
 *       caller's.
 *   <li>Its first statement MUST take the next revision, by adding one to the row's. The lock on that row puts all writers
 *       in one order, so that revisions are committed in their order, and none misses what another has written.
 *   <li>What changes MUST be a separate, later statement, and is stamped with that revision.
 *   <li>The answer says the row as it now is, the revision, and the lease, also where nothing changed: whoever revoked
 *       first may have died before they had waited.
 *   <li>A write whose effect no row of a key tells records beside the keys what nodes must evict, stamped with its revision: the
 *       tenant, where it changed any number of the tenant's keys; the ids, where it deleted keys. Where nothing changed,
 *       nothing is recorded. These records stay until {@link #forgetEvictions}.
 *   <li>No write may hold the lock for longer than about 100 ms, whatever the number of keys: every other writer waits for it.
 * </ol>
 *
 * <p>Nodes that cache follow the writes by a {@link ChangeFeed}.
 *
 * <p>A change of a single key adds one to its version and stamps it with the revision. Usage is kept beside the keys, and takes no
 * revision: no verification depends on it.
 *
 * <p><b>Lookups</b> MUST see every write that had returned before they began; so they go to the primary, outside any
 * transaction of the caller's. The key and the revision that a lookup returns MUST come from one snapshot. Digests, ids, tenants
 * and the prefixes of formats are compared byte for byte, whatever the collation of the store's texts is.
 *
 * <p><b>Active</b> at an instant is a key that is not revoked, and whose end, if it has one, is later than the instant.
 *
 * <p><b>Failures.</b> What cannot be answered is {@link StoreUnavailableException}, and then nothing has changed. A write whose
 * commit was sent and not answered is {@link OutcomeUnknownException}. Neither may carry a digest or a row's contents, in its
 * message or its causes. Each call MUST end within a bounded time.
 */
public interface KeyStore {

    /** The number of active keys that stands for no limit. */
    int UNLIMITED = Integer.MAX_VALUE;

    /** The largest number of keys that one write may change, insert or delete, {@link #revokeAll} excepted. */
    int MAX_KEYS_OF_A_WRITE = 500;

    /**
     * Adds a key, if its tenant has fewer active keys than it may have; never overwrites one. Its revisions, both of which
     * become that of this write, are ignored; so is its usage. A key that has an active successor is not counted: it is
     * on its way out, and its successor counts.
     *
     * @param key the key
     * @param maxActiveKeys how many active keys without an active successor the tenant may have once this one is there, {@link
     *     #UNLIMITED} for as many as it likes; counted in the same transaction, so that it is exact, whoever else issues
     * @param now the instant at which the others are counted if they are active
     * @return the row as it now is, changed; no row, and not changed, where the tenant has as many as it may have
     * @throws DuplicateKeyException if there is a key with this id, of whatever tenant, or with this digest
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    WriteResult insert(StoredKey key, int maxActiveKeys, Instant now);

    /**
     * Adds those keys whose text is not stored yet, all in one transaction, and leaves the others as they are. A text is stored
     * where a row has the key's own digest or one of its other digests: so one text is stored in one row at most, whatever
     * pepper each node issues under. The write takes as many revisions as there are keys, one for each in their order; so no
     * two rows have one in common. Where two of the candidates have a digest in common, the first is added.
     *
     * @param candidates the keys, of any tenants; at most {@link #MAX_KEYS_OF_A_WRITE}
     * @return for each of them, in their order, the row that now has one of its digests, changed where it was added
     * @throws DuplicateKeyException if there is a key with one of these ids and none of its digests; then none was added
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    List<WriteResult> insertAll(List<ImportCandidate> candidates);

    /**
     * Changes a key, if it has the version that was read, and is active. Its name, its scopes, its end, its successor and
     * its revocation become those that are given; the rest stays.
     *
     * @param changed the key as it is to be, with the version that it was read under
     * @param now the instant at which it must be active
     * @return the row as it now is, changed or not; no row, and not changed, where the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    WriteResult change(ApiKey changed, Instant now);

    /**
     * Changes a key as {@link #change} does and, if that was done, adds its successor in the same transaction: both or
     * neither. The number of active keys is not looked at: the one counts in place of the other.
     *
     * @param changed the key as it is to be: with its successor, and with its end or its revocation
     * @param successor the key that takes its place
     * @param now the instant at which the first key must be active
     * @return the row of the first key as it now is, changed or not; no row, and not changed, where the tenant has no such
     *     key. The successor's revisions are that of this write
     * @throws DuplicateKeyException if there is a key with the id or the digest of the successor; then nothing has changed
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered; it names the successor
     */
    WriteResult replace(ApiKey changed, StoredKey successor, Instant now);

    /**
     * Revokes a key if it is not revoked: the first revocation wins, and stays as it is. A key whose end has come can be
     * revoked too.
     *
     * @param tenant whose key
     * @param id which key
     * @param revocation when, by whom and why
     * @return the row as it now is, changed or not; no row, and not changed, where the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation);

    /**
     * Revokes all keys of a tenant that are not revoked, whether they have expired or not. The revocation takes effect as one: a
     * key that was inserted at an earlier revision is revoked, for every lookup, list, change and count, from the moment of the
     * commit on; a key that is inserted later is not. The versions of the keys go up, and their revisions stay: the eviction of the
     * tenant tells of them. A store MAY write it into the rows of the keys afterwards, some at a time;
     * what is left of that when the process dies MUST NOT change what the store answers. Where no key was revoked, no eviction is
     * recorded.
     *
     * @param tenant whose keys
     * @param revocation when, by whom and why
     * @return how many keys this call revoked
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    BulkWriteResult revokeAll(TenantId tenant, Revocation revocation);

    /**
     * Revokes keys of a tenant that one actor created and that are not revoked, whether they have expired or not.
     *
     * @param tenant whose keys
     * @param createdBy the actor that created them
     * @param revocation when, by whom and why
     * @param limit how many at most, from 1 to {@link #MAX_KEYS_OF_A_WRITE}
     * @return how many keys this call revoked; fewer than the limit only where no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit);

    /**
     * Deletes keys of all tenants that became inactive before an instant, with their usage, and records their ids as evictions. A
     * key became inactive when it was revoked, or when it expired, whichever was first.
     *
     * @param endedBefore the instant; a key that became inactive at it stays
     * @param limit how many at most, from 1 to {@link #MAX_KEYS_OF_A_WRITE}
     * @return how many; fewer than the limit only where no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    BulkWriteResult purge(Instant endedBefore, int limit);

    /**
     * Deletes keys of a tenant in whatever state, with their usage, and records the tenant as evicted. The write that finds fewer
     * keys than the limit also deletes whatever else the store keeps about the tenant, but the record of the eviction.
     *
     * @param tenant whose keys
     * @param limit how many at most, from 1 to {@link #MAX_KEYS_OF_A_WRITE}
     * @return how many; fewer than the limit only where no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    BulkWriteResult purgeTenant(TenantId tenant, int limit);

    /**
     * Deletes the records of evictions up to a revision. The caller has waited, since the write with that revision, until every
     * node has applied it or lost its lease. It takes no revision.
     *
     * @param revision the last revision whose records are deleted
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    void forgetEvictions(long revision);

    /**
     * Adds to the usage of keys: counts add up, scopes are united, and the last use never moves back. Of more than 200 scopes a
     * store may drop those that became known first. Usage is recorded in whatever state the key is, since it is of a time when
     * the key was active; a key that is not there is passed over. All or nothing; it takes no revision, and changes no
     * version.
     *
     * @param uses the usage to add, no key twice; at most 1000
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not answered
     */
    void recordUsage(List<UsageDelta> uses);

    /**
     * Takes those keys of all tenants that end soon. Each is given to one caller, and never again, also where its end has
     * changed since. It takes no revision, and changes no version.
     *
     * @param now the instant at which they must be active
     * @param until the latest end that is soon
     * @param limit how many at most, at least 1
     * @return the keys, each with its usage; fewer than the limit only where no more are left
     * @throws StoreUnavailableException if the store cannot write; then none was taken
     * @throws OutcomeUnknownException if the commit was not answered
     */
    List<StoredKey> claimExpiring(Instant now, Instant until, int limit);

    /**
     * Looks a key up by its digest, in whatever state it is: the lookup that every verification makes.
     *
     * @param digest the digest of the key's text
     * @return the key with exactly this digest, without its usage
     * @throws StoreUnavailableException if the store cannot answer
     */
    LookupSnapshot findByDigest(Digest digest);

    /**
     * Looks a tenant's key up by its id, in whatever state it is.
     *
     * @param tenant whose key
     * @param id which key
     * @return the key, with its usage; empty where the tenant has no such key, even where another tenant has one
     * @throws StoreUnavailableException if the store cannot answer
     */
    LookupSnapshot find(TenantId tenant, KeyId id);

    /**
     * Lists a page of a tenant's keys in the order of their {@linkplain ListPosition positions}.
     *
     * @param tenant whose keys
     * @param state the state that they must be in, as {@link ApiKey#stateAt} has it; null for any
     * @param createdBy the actor that must have created them; null for any
     * @param now the instant at which they must be in it
     * @param after where the page before ended, by which alone this page is found, whatever has become of that key since;
     *     null for the first page
     * @param limit how many at most, at least 1
     * @return the page, each key with its usage; it is shorter than the limit only if it is the last
     * @throws StoreUnavailableException if the store cannot answer
     */
    List<StoredKey> list(
            TenantId tenant,
            ApiKey.@Nullable State state,
            @Nullable Actor createdBy,
            Instant now,
            @Nullable ListPosition after,
            int limit);

    /**
     * Finds what the verification of the active keys of all tenants hangs on. Each application asks this as it starts: a store
     * MUST NOT look at all keys for it where there may be many.
     *
     * @param now the instant at which they must be active
     * @return what at least one hangs on
     * @throws StoreUnavailableException if the store cannot answer
     */
    Set<DigestOrigin> originsInUse(Instant now);

    /**
     * Counts the active keys of all tenants by what their verification hangs on. This may take its time: it is asked for
     * reports.
     *
     * @param now the instant at which they must be active
     * @return how many hang on what; what none hangs on is not there
     * @throws StoreUnavailableException if the store cannot answer
     */
    Map<DigestOrigin, Long> countByOrigin(Instant now);

    /**
     * Begins to cache: from the moment at which this has returned, every write waits for the caller. If the lease is zero, this
     * sets it; if it is not, it stays, and is never made shorter. It takes no revision.
     *
     * @param lease the lease where there is none, at least a millisecond
     * @return what the caller follows the writes with, by the lease that it tells of
     * @throws StoreUnavailableException if the store cannot write
     * @throws OutcomeUnknownException if the commit was not answered; begin again
     */
    ChangeFeed openChangeFeed(Duration lease);
}
