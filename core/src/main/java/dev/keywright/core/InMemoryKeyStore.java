package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys in memory, and loses them when the process exits: for tests and prototypes. Thread-safe.
 *
 * <p>It is also the shortest reference implementation of the SPI: one lock stands for the transactions of a database, and a scan of all
 * keys for an index.
 */
public final class InMemoryKeyStore implements KeyStore, UsageStore {

    /** Without usage, which is stored separately, so that no write of a key overwrites it. */
    private final Map<KeyId, StoredKey> keys = new HashMap<>();

    private final Map<Digest, KeyId> ids = new HashMap<>();
    private final Map<KeyId, KeyUsage> usages = new HashMap<>();

    /** The shortest warning for which a key was claimed. */
    private final Map<KeyId, Duration> warnings = new HashMap<>();

    private long revision;

    /** Eviction records: deleted keys, and tenants whose keys were revoked or deleted, with the revision of the last write. */
    private final Map<Object, Long> evictions = new HashMap<>();

    private Duration lease = Duration.ZERO;

    /** Creates an empty store. */
    public InMemoryKeyStore() {}

    @Override
    public synchronized WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now) {
        requireNoDuplicate(key);
        revision++;
        Optional<StoredKey> earlier = issuedFor(key, now);
        if (earlier.isPresent()) {
            return unchanged(earlier);
        }
        if (isAtLimit(key.key(), limits, now)) {
            return unchanged(Optional.empty());
        }
        return written(add(key));
    }

    private Optional<StoredKey> issuedFor(StoredKey key, Instant now) {
        return key.issueRequest()
                .flatMap(request -> keysOf(key.key().tenant())
                        .filter(other -> other.issueRequest().equals(Optional.of(request))
                                && other.key().createdAt().isAfter(now.minus(ISSUE_REQUEST_WINDOW)))
                        .findFirst());
    }

    /** Counts only what is limited: a count scans all keys. */
    private boolean isAtLimit(ApiKey key, ActiveKeyLimits limits, Instant now) {
        if (limits.limitsTenant() && counted(key.tenant(), now).count() >= limits.maxOfTenant()) {
            return true;
        }
        return limits.limitsOwner()
                && counted(key.tenant(), now)
                                .filter(other -> other.key().owner().equals(key.owner()))
                                .count()
                        >= limits.maxOfOwner();
    }

    /** {@return the active keys of a tenant, except keys whose successors are counted} */
    private Stream<StoredKey> counted(TenantId tenant, Instant now) {
        return keysOf(tenant).filter(key -> isActive(key, now) && !hasActiveSuccessor(key, now));
    }

    private boolean hasActiveSuccessor(StoredKey key, Instant now) {
        return key.key()
                .successor()
                .flatMap(id -> row(key.key().tenant(), id))
                .filter(successor -> isActive(successor, now))
                .isPresent();
    }

    @Override
    public synchronized List<WriteResult> insertAll(List<ImportCandidate> candidates) {
        List<KeyId> rows = rowsOf(candidates);
        List<WriteResult> results = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            revision++;
            StoredKey existing = keys.get(rows.get(i));
            results.add(existing == null ? written(add(candidates.get(i).key())) : unchanged(Optional.of(existing)));
        }
        return results;
    }

    /** {@return for each candidate, the id of the row that has its text, or will have it} */
    private List<KeyId> rowsOf(List<ImportCandidate> candidates) {
        Map<Digest, KeyId> added = new HashMap<>();
        Set<KeyId> addedIds = new HashSet<>();
        List<KeyId> rows = new ArrayList<>();
        for (ImportCandidate candidate : candidates) {
            KeyId id = candidate.key().key().id();
            Optional<KeyId> existing = digests(candidate)
                    .flatMap(digest -> Stream.of(ids, added).map(known -> known.get(digest)))
                    .filter(Objects::nonNull)
                    .findFirst();
            if (existing.isEmpty()) {
                if (keys.containsKey(id) || !addedIds.add(id)) {
                    throw new DuplicateKeyException();
                }
                digests(candidate).forEach(digest -> added.put(digest, id));
            }
            rows.add(existing.orElse(id));
        }
        return rows;
    }

    private static Stream<Digest> digests(ImportCandidate candidate) {
        return Stream.concat(Stream.of(candidate.key().digest()), candidate.otherDigests().stream());
    }

    @Override
    public synchronized WriteResult change(ApiKey changed, Instant now) {
        revision++;
        Optional<StoredKey> existing = row(changed.tenant(), changed.id());
        return existing.filter(key -> isChangeable(key, changed.version(), now))
                .map(key -> written(put(key, withChanges(changed, key.key()))))
                .orElseGet(() -> unchanged(existing));
    }

    @Override
    public synchronized WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
        requireNoDuplicate(successor);
        WriteResult written = change(changed, now);
        if (written.changed()) {
            add(successor);
        }
        return written;
    }

    private static boolean isChangeable(StoredKey key, long version, Instant now) {
        return key.key().version() == version && isActive(key, now);
    }

    /** {@return a key with the changeable parts of another one} */
    private static ApiKey.Builder withChanges(ApiKey changed, ApiKey key) {
        return StoredValues.keyBuilder(key)
                .name(changed.name())
                .scopes(changed.scopes())
                .owner(changed.owner().orElse(null))
                .description(changed.description().orElse(null))
                .attributes(changed.attributes())
                .expiresAt(changed.expiresAt().orElse(null))
                .successor(changed.successor().orElse(null))
                .revocation(changed.revocation().orElse(null));
    }

    @Override
    public synchronized WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        revision++;
        Optional<StoredKey> existing = row(tenant, id);
        return existing.filter(InMemoryKeyStore::isNotRevoked)
                .map(key -> written(put(key, StoredValues.keyBuilder(key.key()).revocation(revocation))))
                .orElseGet(() -> unchanged(existing));
    }

    @Override
    public synchronized WriteResult suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now) {
        revision++;
        Optional<StoredKey> existing = row(tenant, id);
        return existing.filter(
                        key -> isActive(key, now) && key.key().suspension().isEmpty())
                .map(key -> written(put(key, StoredValues.keyBuilder(key.key()).suspension(suspension))))
                .orElseGet(() -> unchanged(existing));
    }

    @Override
    public synchronized WriteResult resume(TenantId tenant, KeyId id, Instant now) {
        revision++;
        Optional<StoredKey> existing = row(tenant, id);
        return existing.filter(
                        key -> isActive(key, now) && key.key().suspension().isPresent())
                .map(key -> written(put(key, StoredValues.keyBuilder(key.key()).suspension(null))))
                .orElseGet(() -> unchanged(existing));
    }

    @Override
    public synchronized BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        revision++;
        List<StoredKey> unrevoked =
                keysOf(tenant).filter(InMemoryKeyStore::isNotRevoked).toList();
        // The keys keep their revisions: the eviction record of the tenant covers all of them.
        unrevoked.forEach(
                key -> put(key, StoredValues.keyBuilder(key.key()).revocation(revocation), key.changeRevision()));
        if (!unrevoked.isEmpty()) {
            evictions.put(tenant, revision);
        }
        return bulkResult(unrevoked.size());
    }

    @Override
    public synchronized BulkWriteResult revokeCreatedBy(
            TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        return revokeMatching(tenant, key -> key.createdBy().equals(createdBy), revocation, limit);
    }

    @Override
    public synchronized BulkWriteResult revokeOwnedBy(
            TenantId tenant, KeyOwner owner, Revocation revocation, int limit) {
        return revokeMatching(tenant, key -> key.owner().equals(Optional.of(owner)), revocation, limit);
    }

    private BulkWriteResult revokeMatching(
            TenantId tenant, Predicate<ApiKey> selected, Revocation revocation, int limit) {
        revision++;
        List<StoredKey> unrevoked = keysOf(tenant)
                .filter(key -> isNotRevoked(key) && selected.test(key.key()))
                .limit(limit)
                .toList();
        unrevoked.forEach(key -> put(key, StoredValues.keyBuilder(key.key()).revocation(revocation)));
        return bulkResult(unrevoked.size());
    }

    @Override
    public synchronized BulkWriteResult purge(Instant inactiveBefore, int limit) {
        revision++;
        List<StoredKey> deleted = keys.values().stream()
                .filter(key -> inactiveBefore(key.key(), inactiveBefore))
                .limit(limit)
                .toList();
        deleted.forEach(this::remove);
        deleted.forEach(key -> evictions.put(key.key().id(), revision));
        return bulkResult(deleted.size());
    }

    @Override
    public synchronized BulkWriteResult purgeTenant(TenantId tenant, int limit) {
        revision++;
        List<StoredKey> deleted = keysOf(tenant).limit(limit).toList();
        deleted.forEach(this::remove);
        if (!deleted.isEmpty()) {
            evictions.put(tenant, revision);
        }
        return bulkResult(deleted.size());
    }

    @Override
    public synchronized void forgetEvictions(long through) {
        evictions.values().removeIf(at -> at <= through);
    }

    private BulkWriteResult bulkResult(long changed) {
        return BulkWriteResult.of(changed, revision, lease);
    }

    private static boolean inactiveBefore(ApiKey key, Instant instant) {
        return Stream.concat(key.expiresAt().stream(), key.revocation().map(Revocation::at).stream())
                .anyMatch(inactive -> inactive.isBefore(instant));
    }

    @Override
    public Optional<UsageStore> usageStore() {
        return Optional.of(this);
    }

    @Override
    public synchronized void recordUsage(List<UsageDelta> deltas) {
        for (UsageDelta delta : deltas) {
            if (row(delta.tenant(), delta.id()).isPresent()) {
                usages.merge(delta.id(), delta.usage(), UsageBuffer::sum);
            }
        }
    }

    @Override
    public synchronized List<StoredKey> claimExpiring(Instant now, Duration warning, int limit) {
        List<StoredKey> expiring = keys.values().stream()
                .filter(key -> isActive(key, now)
                        && key.key()
                                .expiresAt()
                                .filter(expiry -> !expiry.isAfter(now.plus(warning)))
                                .isPresent()
                        && isLonger(warnings.get(key.key().id()), warning))
                .limit(limit)
                .map(this::withUsage)
                .toList();
        expiring.forEach(key -> warnings.put(key.key().id(), warning));
        return expiring;
    }

    private static boolean isLonger(@Nullable Duration earlier, Duration warning) {
        return earlier == null || earlier.compareTo(warning) > 0;
    }

    @Override
    public synchronized LookupSnapshot findByDigest(Digest digest) {
        return LookupSnapshot.of(Optional.ofNullable(ids.get(digest)).map(keys::get), revision);
    }

    @Override
    public synchronized LookupSnapshot find(TenantId tenant, KeyId id) {
        return LookupSnapshot.of(row(tenant, id).map(this::withUsage), revision);
    }

    @Override
    public synchronized List<StoredKey> list(KeySelection selection) {
        return keysOf(selection.tenant())
                .map(this::withUsage)
                .filter(selection::selects)
                .sorted(selection.order())
                .limit(selection.limit())
                .toList();
    }

    @Override
    public synchronized Set<DigestOrigin> originsInUse(Instant now) {
        return countByOrigin(now).keySet();
    }

    @Override
    public synchronized Map<DigestOrigin, Long> countByOrigin(Instant now) {
        return keys.values().stream()
                .filter(key -> isActive(key, now))
                .collect(Collectors.groupingBy(StoredKey::origin, Collectors.counting()));
    }

    @Override
    public synchronized ChangeFeed openChangeFeed(Duration initialLease) {
        if (lease.isZero()) {
            lease = initialLease;
        }
        return new ChangeFeed() {
            private volatile boolean closed;

            @Override
            public Changes poll(long applied, int limit) {
                if (closed) {
                    throw new StoreUnavailableException("the change feed is closed", null);
                }
                return changesAbove(applied, limit);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private synchronized Changes changesAbove(long applied, int limit) {
        // The result of most polls. A scan of a million keys takes longer than a lease.
        if (applied >= revision) {
            return Changes.none(revision, lease);
        }
        List<Change> all = Stream.concat(
                        keys.values().stream()
                                .filter(key -> key.changeRevision() > applied && !isNew(key, applied))
                                .map(key -> new Change(key.key().id(), key.changeRevision())),
                        evictions.entrySet().stream()
                                .filter(eviction -> eviction.getValue() > applied)
                                .map(eviction -> new Change(eviction.getKey(), eviction.getValue())))
                .sorted(Comparator.comparingLong(Change::revision))
                .limit(limit)
                .toList();
        // If the list is full, more changes of its last revision may be missing from it.
        long through = all.size() < limit ? revision : all.get(limit - 1).revision() - 1;
        boolean inserted = keys.values().stream().anyMatch(key -> key.insertRevision() > applied);
        return Changes.of(
                through,
                revision,
                lease,
                changed(all, through, KeyId.class),
                changed(all, through, TenantId.class),
                inserted);
    }

    /** A key or a tenant, and the revision at which it changed. */
    private record Change(Object subject, long revision) {}

    private static <T> List<T> changed(List<Change> all, long through, Class<T> kind) {
        return all.stream()
                .filter(change -> change.revision() <= through && kind.isInstance(change.subject()))
                .map(change -> kind.cast(change.subject()))
                .toList();
    }

    /** Whether a key was inserted above a revision, and not changed afterwards. */
    private static boolean isNew(StoredKey key, long applied) {
        return key.insertRevision() > applied && key.insertRevision() == key.changeRevision();
    }

    private Optional<StoredKey> row(TenantId tenant, KeyId id) {
        return Optional.ofNullable(keys.get(id))
                .filter(key -> key.key().tenant().equals(tenant));
    }

    private Stream<StoredKey> keysOf(TenantId tenant) {
        return keys.values().stream().filter(key -> key.key().tenant().equals(tenant));
    }

    private static boolean isActive(StoredKey key, Instant now) {
        return key.key().stateAt(now) == ApiKey.State.ACTIVE;
    }

    private static boolean isNotRevoked(StoredKey key) {
        return key.key().revocation().isEmpty();
    }

    private void requireNoDuplicate(StoredKey key) {
        if (keys.containsKey(key.key().id()) || ids.containsKey(key.digest())) {
            throw new DuplicateKeyException();
        }
    }

    private StoredKey add(StoredKey key) {
        ApiKey unused = StoredValues.keyBuilder(key.key()).usage(null).build();
        StoredKey row = key.changed(unused, revision).revised(revision, revision);
        keys.put(unused.id(), row);
        ids.put(row.digest(), unused.id());
        return row;
    }

    private StoredKey put(StoredKey row, ApiKey.Builder changed) {
        return put(row, changed, revision);
    }

    private StoredKey put(StoredKey row, ApiKey.Builder changed, long changeRevision) {
        StoredKey now = row.changed(changed.version(row.key().version() + 1).build(), changeRevision);
        keys.put(now.key().id(), now);
        return now;
    }

    private void remove(StoredKey row) {
        KeyId id = row.key().id();
        keys.remove(id);
        ids.remove(row.digest());
        usages.remove(id);
        warnings.remove(id);
    }

    private StoredKey withUsage(StoredKey row) {
        @Nullable KeyUsage usage = usages.get(row.key().id());
        return row.changed(StoredValues.keyBuilder(row.key()).usage(usage).build(), row.changeRevision());
    }

    private WriteResult written(StoredKey row) {
        return WriteResult.changed(withUsage(row), revision, lease);
    }

    private WriteResult unchanged(Optional<StoredKey> row) {
        return WriteResult.unchanged(row.map(this::withUsage), revision, lease);
    }
}
