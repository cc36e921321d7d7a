package dev.keywright.spi;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Store of API keys and their digests: a few atomic primitives. ({@code java.security} has a class of the same name; use a
 * single-type import.)
 *
 * <p><b>Threads.</b> A store MUST be thread-safe, and safe for use by several processes if it is persistent.
 *
 * <p><b>Writes.</b> A store keeps, beside its keys, one row with a revision and a lease.
 *
 * <ol>
 *   <li>Each write is one transaction of the store's own, at READ COMMITTED or stronger. It MUST NOT join a transaction of the
 *       caller.
 *   <li>Its first statement MUST take the next revision, by incrementing that row's revision. The lock on the row serializes
 *       all writers, so that revisions commit in order, and each writer sees all earlier writes.
 *   <li>The change itself MUST be a separate, later statement, which stamps the changed rows with the revision.
 *   <li>The result contains the row after the write, the revision and the lease, even if nothing changed. The caller then waits
 *       for the lease too, because the node that made the change may have crashed before its own wait was over.
 *   <li>{@link #revokeAll} and {@link #purgeTenant} record the eviction of the tenant beside the keys, with their revision; {@link
 *       #purge} records those of the keys that it deletes. If nothing changed, nothing is recorded. The records stay until {@link
 *       #forgetEvictions}.
 *   <li>No write may hold the lock for longer than about 100 ms, whatever the number of keys: all other writers wait for it.
 * </ol>
 *
 * <p>Caching nodes follow the writes by a {@link ChangeFeed}.
 *
 * <p>A change of a single key increments its version and stamps it with the revision. Usage is kept in an optional {@link
 * UsageStore}, and takes no revision: no verification depends on it.
 *
 * <p><b>Lookups</b> MUST see every write that returned before they began. They read from the primary, outside any transaction of
 * the caller. The key of a lookup MUST show all writes up to the revision of the lookup: they come from one
 * snapshot, or the revision is read first. Digests, ids, tenants and format prefixes are compared
 * byte for byte, whatever the collation of the store's text.
 *
 * <p><b>Active.</b> A key is active at an instant if it is not revoked, and its expiry, if any, is later than the instant.
 *
 * <p><b>Failures.</b> If the store cannot answer, it throws {@link StoreUnavailableException}, and nothing has changed. If a commit
 * was sent and not acknowledged, it throws {@link OutcomeUnknownException}. Neither may contain a digest or the contents of a
 * row, in its message or causes. Every call MUST return or throw within a bounded time.
 */
public interface KeyStore {

    /** The maximum number of keys that one write may change, insert or delete, except {@link #revokeAll}. */
    int MAX_KEYS_PER_WRITE = 500;

    /** How long a repeated {@linkplain StoredKey#issueRequest issue request} is recognized, counted from the issue of its key. */
    Duration ISSUE_REQUEST_WINDOW = Duration.ofDays(1);

    /**
     * Inserts a key, unless its tenant has a key of the same issue request, or its tenant or its owner the maximum number of active
     * keys; never overwrites a key. Ignores the key's usage and revisions: both revisions become that of this write. The conditions
     * are checked in the transaction of the write, so that they are exact under concurrency, the issue request first.
     *
     * @param key the key
     * @param limits how many active keys there may be
     * @param now the instant at which other keys must be active to count
     * @return changed, with the inserted row; unchanged, with the row of the earlier key, if a key of the tenant in any state has the
     *     same issue request and was created later than {@link #ISSUE_REQUEST_WINDOW} before now; unchanged, without a row, if the
     *     tenant or the owner has the maximum number
     * @throws DuplicateKeyException if a key of any tenant has this id or this digest
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now);

    /**
     * Inserts the keys whose text is not stored yet, in one transaction, and leaves the others unchanged. A text is stored if a
     * row has the key's own digest or one of its other digests, so that a text has at most one row, whatever pepper each node
     * issues under. The write takes one revision for each key, in order, so that no two rows share a revision. If two candidates
     * share a digest, the first is inserted.
     *
     * @param candidates the keys, of any tenants; at most {@link #MAX_KEYS_PER_WRITE}
     * @return for each candidate, in order, the row with one of its digests; changed if it was inserted
     * @throws DuplicateKeyException if a key has one of these ids and none of its digests; then nothing was inserted
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    List<WriteResult> insertAll(List<ImportCandidate> candidates);

    /**
     * Changes a key if it has the given version and is active. Sets name, scopes, owner, description, attributes, expiry, successor
     * and revocation; the other parts stay.
     *
     * @param changed the key with its new parts, and the version that was read
     * @param now the instant at which the key must be active
     * @return the row after the write; unchanged, without a row, if the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    WriteResult change(ApiKey changed, Instant now);

    /**
     * Changes a key as {@link #change} does and, if it changed, inserts its successor in the same transaction. No limit of active
     * keys applies, since the successor counts in place of the key.
     *
     * @param changed the key with its successor, and its new expiry or revocation
     * @param successor the key that replaces it
     * @param now the instant at which the first key must be active
     * @return the row of the first key after the write; unchanged, without a row, if the tenant has no such key. The revisions of
     *     the successor are that of this write
     * @throws DuplicateKeyException if a key has the id or digest of the successor; then nothing has changed
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged; it names the successor
     */
    WriteResult replace(ApiKey changed, StoredKey successor, Instant now);

    /**
     * Revokes a key unless it is revoked: the first revocation stays. An expired key can be revoked.
     *
     * @param tenant the tenant of the key
     * @param id the id of the key
     * @param revocation the revocation
     * @return the row after the write; unchanged, without a row, if the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation);

    /**
     * Suspends a key that is active and not suspended: the first suspension stays.
     *
     * @param tenant the tenant of the key
     * @param id the id of the key
     * @param suspension the suspension
     * @param now the instant at which the key must be active
     * @return the row after the write; unchanged, without a row, if the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    WriteResult suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now);

    /**
     * Resumes a key that is active and suspended.
     *
     * @param tenant the tenant of the key
     * @param id the id of the key
     * @param now the instant at which the key must be active
     * @return the row after the write; unchanged, without a row, if the tenant has no such key
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    WriteResult resume(TenantId tenant, KeyId id, Instant now);

    /**
     * Revokes all keys of a tenant that are not revoked, whether they have expired or not. The revocation takes effect atomically:
     * from the commit on, every lookup, list, change and count sees each key that was inserted at an earlier revision as revoked;
     * a key that is inserted later is not revoked. The versions of the keys increase; their revisions stay, because the eviction of
     * the tenant informs the caching nodes. If no key was revoked, no eviction is recorded. A store MAY update the rows of the keys
     * after the commit, in batches; if the process dies in between, the answers of the store MUST NOT change.
     *
     * @param tenant the tenant
     * @param revocation time, actor and reason
     * @return the number of keys that this call revoked
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    BulkWriteResult revokeAll(TenantId tenant, Revocation revocation);

    /**
     * Revokes keys of a tenant that one actor created and that are not revoked, whether they have expired or not.
     *
     * @param tenant the tenant
     * @param createdBy the actor that created them
     * @param revocation time, actor and reason
     * @param limit the maximum number of keys, from 1 to {@link #MAX_KEYS_PER_WRITE}
     * @return the number of keys that this call revoked; lower than the limit only if no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit);

    /**
     * Revokes keys of a tenant that have an owner and are not revoked, whether they have expired or not.
     *
     * @param tenant the tenant
     * @param owner the owner
     * @param revocation time, actor and reason
     * @param limit the maximum number of keys, from 1 to {@link #MAX_KEYS_PER_WRITE}
     * @return the number of keys that this call revoked; lower than the limit only if, at its revision, no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    BulkWriteResult revokeOwnedBy(TenantId tenant, KeyOwner owner, Revocation revocation, int limit);

    /**
     * Deletes keys of all tenants that became inactive before an instant, with their usage, and records their ids as evictions. A
     * key became inactive when it was revoked, or when it expired, whichever was first.
     *
     * @param inactiveBefore the instant; a key that became inactive at it stays
     * @param limit the maximum number of keys, from 1 to {@link #MAX_KEYS_PER_WRITE}
     * @return the number of deleted keys; lower than the limit only if no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    BulkWriteResult purge(Instant inactiveBefore, int limit);

    /**
     * Deletes keys of a tenant in any state, with their usage, and records the tenant as evicted. The write that finds fewer keys
     * than the limit also deletes everything else that the store keeps about the tenant, except the record of the eviction.
     *
     * @param tenant the tenant
     * @param limit the maximum number of keys, from 1 to {@link #MAX_KEYS_PER_WRITE}
     * @return the number of deleted keys; lower than the limit only if no more are left
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    BulkWriteResult purgeTenant(TenantId tenant, int limit);

    /**
     * Deletes the records of evictions up to a revision. The caller has waited until every node either applied that revision or
     * lost its lease. Takes no revision.
     *
     * @param revision the last revision whose records are deleted
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    void forgetEvictions(long revision);

    /**
     * Returns the part of the store that keeps usage and announces expiring keys. A store without it works, but last uses
     * and use counts stay empty, reports treat every key as unused, and listeners are not notified of expiring keys.
     *
     * @return the usage store; empty if this store keeps no usage
     */
    default Optional<UsageStore> usageStore() {
        return Optional.empty();
    }

    /**
     * Looks up a key in any state by its digest, for each verification of a text that no cache answers.
     *
     * @param digest the digest of the key's text
     * @return the key with exactly this digest, without its usage
     * @throws StoreUnavailableException if the store cannot answer
     */
    LookupSnapshot findByDigest(Digest digest);

    /**
     * Looks up a tenant's key in any state by its id.
     *
     * @param tenant the tenant of the key
     * @param id the id of the key
     * @return the key, with its usage; empty if this tenant has no such key, even if another tenant has one
     * @throws StoreUnavailableException if the store cannot answer
     */
    LookupSnapshot find(TenantId tenant, KeyId id);

    /**
     * Lists a page of a tenant's keys. The result MUST be as if the keys that {@link KeySelection#selects} accepts were sorted by {@link
     * KeySelection#order} and cut at the limit, whatever the collation of the store's text. A page MAY be read by several statements,
     * but MUST NOT skip a key that is selected throughout.
     *
     * @param selection the tenant, the filters, the order, the position of the last key of the previous page, and the limit
     * @return the page, each key with its usage; shorter than the limit only if it is the last
     * @throws StoreUnavailableException if the store cannot answer
     */
    List<StoredKey> list(KeySelection selection);

    /**
     * Returns the digest origins of the active keys of all tenants. Called at each start of an application: the store MUST NOT scan
     * all keys if there may be many.
     *
     * @param now the instant at which the keys must be active
     * @return the origins with at least one active key
     * @throws StoreUnavailableException if the store cannot answer
     */
    Set<DigestOrigin> originsInUse(Instant now);

    /**
     * Counts the active keys of all tenants by digest origin. May be slow: it is called for reports.
     *
     * @param now the instant at which the keys must be active
     * @return the number of active keys for each origin that has any
     * @throws StoreUnavailableException if the store cannot answer
     */
    Map<DigestOrigin, Long> countByOrigin(Instant now);

    /**
     * Registers a caching node: every write that begins after this returns waits for it. Sets the lease if it is zero; otherwise the
     * present lease stays, and is never shortened. Takes no revision.
     *
     * @param lease the lease to set if there is none, at least 1 ms
     * @return the feed, which also returns the lease to apply
     * @throws StoreUnavailableException if the store cannot write
     * @throws OutcomeUnknownException if the commit was not acknowledged; call again
     */
    ChangeFeed openChangeFeed(Duration lease);
}
