package dev.keywright.spi;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * </ol>
 *
 * <p><b>Look-ups</b> MUST see every write that had returned before they began; so they go to the primary, outside any
 * transaction of the caller's. Digests, ids and tenants are compared byte for byte, whatever the rules of the store's
 * texts are.
 *
 * <p><b>Failures.</b> What cannot be answered is {@link StoreUnavailable}, and then nothing has changed. A write whose
 * commit was sent and not answered is {@link OutcomeUnknown}. Neither may carry a digest or a row's contents, in its
 * message or its causes. Each call MUST end within a bounded time.
 */
public interface KeyStore {

    /**
     * Adds a key; never overwrites one. Its revisions, both of which become that of this write, are ignored.
     *
     * @param key the key
     * @return the row as it now is, always changed
     * @throws DuplicateKey if there is a key with this id, of whatever tenant, or with this digest
     * @throws StoreUnavailable if the store cannot write; then nothing has changed
     * @throws OutcomeUnknown if the commit was not answered
     */
    Written insert(StoredKey key);

    /**
     * Revokes a key if it is not revoked: the first revocation wins, and stays as it is. A key whose end has come can be
     * revoked too.
     *
     * @param tenant whose key
     * @param id which key
     * @param revocation when, by whom and why
     * @return the row as it now is, changed or not; no row, and not changed, where the tenant has no such key
     * @throws StoreUnavailable if the store cannot write; then nothing has changed
     * @throws OutcomeUnknown if the commit was not answered
     */
    Written revoke(TenantId tenant, KeyId id, Revocation revocation);

    /**
     * Looks a key up by its digest, in whatever state it is: the look-up that every verification makes.
     *
     * @param digest what stands for the key's text
     * @return the key, with exactly this digest; empty where there is none
     * @throws StoreUnavailable if the store cannot answer
     */
    Optional<StoredKey> findByDigest(Digest digest);

    /**
     * Looks a tenant's key up by its id, in whatever state it is.
     *
     * @param tenant whose key
     * @param id which key
     * @return the key; empty where the tenant has no such key, whoever else may have one
     * @throws StoreUnavailable if the store cannot answer
     */
    Optional<StoredKey> find(TenantId tenant, KeyId id);

    /**
     * Lists a page of a tenant's active keys, oldest first: by the time of their creation, and among those of the same
     * millisecond by the revision at which they were inserted.
     *
     * @param tenant whose keys
     * @param now the instant at which they are to be active: not revoked, and their end, if any, later than it
     * @param after the last key of the page before, by which alone this page is found; null for the first page
     * @param limit how many at most, at least 1
     * @return the page, which is shorter than the limit only if it is the last
     * @throws StoreUnavailable if the store cannot answer
     */
    List<StoredKey> listActive(TenantId tenant, Instant now, @Nullable StoredKey after, int limit);

    /**
     * Counts the active keys of all tenants by the pepper that their digests were made with.
     *
     * @param now the instant at which they are to be active, as in {@link #listActive}
     * @return how many hang on each pepper; a pepper on which none hangs is not there
     * @throws StoreUnavailable if the store cannot answer
     */
    Map<PepperId, Long> countActiveByPepper(Instant now);
}
