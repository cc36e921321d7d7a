package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.common.TestSeam;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.spi.Changes;
import dev.keywright.spi.StoredValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe, bounded cache of lookup results, by the fingerprints of texts and by the ids of keys. It holds keys, whatever their
 * state, and separately a few texts that belong to no key, so that a made-up text never displaces a key. If the cache is full, a key is
 * evicted that was not used since its last inspection (second chance, with a maximum number of inspections).
 *
 * <p>A hit takes no lock. A fill, the eviction log and each eviction take the same lock, so that they are atomic with respect to each
 * other. No step under the lock takes longer than a small part of a lease, however many entries there are: the tables grow in
 * small parts, and long lists are evicted in batches.
 */
@TestSeam
class KeyCache {

    private static final int MAX_UNKNOWN = 1024;
    private static final int MAX_SHARED = 16_384;
    private static final int MAX_LOGGED = 10_000;

    /** Maximum number of entries that are inspected for an eviction, for the case that all are in use. */
    private static final int MAX_INSPECTIONS = 256;

    /** Number of entries that are evicted in one step under the lock. */
    private static final int BATCH = 1000;

    private final int maxKeys;

    // The fields below are written under the lock of this object only; the tables, applied and epoch are read without
    // it.

    private final FingerprintTable byFingerprint;

    private final IdTable byId;
    private final List<Map<TenantId, TenantEntries>> byTenant = new ArrayList<>();
    private final EvictionLog log = new EvictionLog(MAX_LOGGED);

    /** Texts that belong to no key, the oldest first. */
    private final Queue<CachedResult> unknown = new ArrayDeque<>();

    /** Tenants, scopes and creators that many keys share: a single object saves memory and processor cache. */
    private final Map<Object, Object> shared = new HashMap<>();

    private volatile long applied;
    private volatile long epoch;

    KeyCache(int maxKeys) {
        this.maxKeys = maxKeys;
        this.byFingerprint = new FingerprintTable(maxKeys);
        this.byId = new IdTable(maxKeys);
        for (int shard = ShardedTable.shardCount(maxKeys); shard > 0; shard--) {
            byTenant.add(new HashMap<>());
        }
    }

    /** {@return the entry of a text; null if it is not cached} */
    final @Nullable CachedResult get(Fingerprint fingerprint) {
        CachedResult entry = byFingerprint.get(fingerprint);
        if (entry != null) {
            entry.markUsed();
        }
        return entry;
    }

    /** {@return the entry of a key; null if it is not cached} */
    final @Nullable CachedResult get(TenantId tenant, KeyId id) {
        CachedResult entry = byId.get(id);
        if (entry == null || !entry.tenant().equals(tenant)) {
            return null;
        }
        entry.markUsed();
        return entry;
    }

    /** {@return the epoch, which each flush increments} Read before {@link #applied}: otherwise a flush in between would be missed. */
    final long epoch() {
        return epoch;
    }

    /** {@return the revision up to which all changes are applied, or at least logged} */
    final long applied() {
        return applied;
    }

    /**
     * Caches the result of a lookup, unless the cache was flushed since the lookup began, or an eviction that affects the result is
     * newer than its snapshot.
     *
     * @param fingerprint the fingerprint of the text; null for a lookup by id
     * @param lookupEpoch the epoch that was read before the lookup
     * @return the entry, or the result itself if another entry stays in its place; null if the result must not be cached
     */
    @TestSeam
    synchronized KeyFinder.@Nullable Result fill(
            @Nullable Fingerprint fingerprint, LookupResult found, long lookupEpoch) {
        return epoch == lookupEpoch && isCurrent(found) ? put(fingerprint, found) : null;
    }

    /** Whether no eviction that affects a result is newer than its snapshot. */
    @TestSeam
    boolean isCurrent(LookupResult found) {
        if (found.revision() >= applied) {
            return true;
        }
        return found.key() == null
                ? log.noInsertionAbove(found.revision())
                : log.isCurrent(found.tenant(), found.id(), found.revision());
    }

    /** Applies changes, and returns once all evictions are done. Called by one thread at a time, like {@link #flush}. */
    @TestSeam
    void apply(Changes page) {
        // All changes are logged first: a fill between the two steps is refused, or is newer.
        Map<TenantEntries, Integer> tenants = logChanges(page);
        List<KeyId> keys = page.keys();
        for (int from = 0; from < keys.size(); from += BATCH) {
            evict(keys.subList(from, Math.min(keys.size(), from + BATCH)));
        }
        tenants.forEach(this::evictOldest);
    }

    /**
     * Logs the changes, clears the unknown texts after an insertion, and advances the applied revision: atomically.
     *
     * @return the tenants to evict, with the number of their entries
     */
    @TestSeam
    synchronized Map<TenantEntries, Integer> logChanges(Changes page) {
        long through = page.through();
        page.keys().forEach(id -> log.add(id, through));
        page.tenants().forEach(tenant -> log.add(tenant, through));
        if (page.inserted()) {
            log.addInsertion(through);
            unknown.forEach(byFingerprint::remove);
            unknown.clear();
        }
        applied = through;
        Map<TenantEntries, Integer> sizes = new HashMap<>();
        for (TenantId tenant : page.tenants()) {
            TenantEntries entries = ofTenant(tenant).get(tenant);
            if (entries != null) {
                sizes.put(entries, entries.size());
            }
        }
        return sizes;
    }

    final synchronized void evict(List<KeyId> keys) {
        for (KeyId id : keys) {
            CachedResult entry = byId.get(id);
            if (entry != null) {
                remove(entry);
            }
        }
    }

    /** Evicts the oldest entries of a tenant. Entries that are added meanwhile are at the end of the list, and stay. */
    private void evictOldest(TenantEntries entries, int count) {
        for (int left = count; left > 0; left -= BATCH) {
            evictBatch(entries, Math.min(left, BATCH));
        }
    }

    private synchronized void evictBatch(TenantEntries entries, int count) {
        CachedResult entry = entries.oldest();
        for (int i = 0; i < count && entry != null; i++) {
            remove(entry);
            entry = entries.oldest();
        }
    }

    /** Evicts everything in constant time, and sets the applied revision. */
    final synchronized void flush(long revision) {
        byFingerprint.clear();
        byId.clear();
        byTenant.replaceAll(before -> new HashMap<>());
        unknown.clear();
        shared.clear();
        log.clear(revision);
        // In this order: a thread that reads the new epoch reads the new revision afterwards.
        applied = revision;
        nextEpoch();
    }

    @TestSeam
    void nextEpoch() {
        epoch = epoch() + 1;
    }

    /** {@return the number of cached keys} */
    final synchronized int keys() {
        return byId.size();
    }

    final synchronized KeyFinder.Result put(@Nullable Fingerprint fingerprint, LookupResult found) {
        if (fingerprint != null && byFingerprint.get(fingerprint) != null) {
            // That entry stays until it is evicted, even if this result is newer.
            return found;
        }
        ApiKey key = found.key();
        if (key == null) {
            return fingerprint == null ? found : putUnknown(new CachedResult(fingerprint, found));
        }
        CachedResult before = byId.get(key.id());
        if (before == null) {
            evictIfFull();
        } else if (fingerprint == null) {
            return found;
        } else {
            // The other entry has no text, or a different one. A key should not have two texts; if it had, the first
            // entry would never be evicted.
            remove(before);
        }
        return add(new CachedResult(fingerprint, new LookupResult(withSharedParts(key), found.revision())));
    }

    private CachedResult add(CachedResult entry) {
        TenantId tenant = entry.tenant();
        ofTenant(tenant).computeIfAbsent(tenant, TenantEntries::new).add(entry);
        byId.add(entry);
        if (entry.hasFingerprint()) {
            byFingerprint.add(entry);
        }
        return entry;
    }

    private void remove(CachedResult entry) {
        byId.remove(entry);
        if (entry.hasFingerprint()) {
            byFingerprint.remove(entry);
        }
        TenantEntries siblings = entry.siblings;
        if (siblings != null) {
            siblings.remove(entry);
            if (siblings.size() == 0) {
                ofTenant(siblings.tenant()).remove(siblings.tenant());
            }
        }
    }

    private Map<TenantId, TenantEntries> ofTenant(TenantId tenant) {
        int hash = tenant.hashCode();
        // Not the lower bits, which the maps use.
        return byTenant.get(((hash * 0x9E3779B9) >>> 8) & (byTenant.size() - 1));
    }

    private CachedResult putUnknown(CachedResult entry) {
        if (unknown.size() == MAX_UNKNOWN) {
            byFingerprint.remove(unknown.remove());
        }
        unknown.add(entry);
        byFingerprint.add(entry);
        return entry;
    }

    private ApiKey withSharedParts(ApiKey key) {
        return StoredValues.keyBuilder(key)
                .tenant(shared(key.tenant()))
                .scopes(shared(key.scopes()))
                .createdBy(shared(key.createdBy()))
                .build();
    }

    @SuppressWarnings("unchecked") // An object that equals a T is a T: tenants, scopes and actors are final classes.
    private <T> T shared(T value) {
        if (shared.size() == MAX_SHARED) {
            shared.clear();
        }
        Object before = shared.putIfAbsent(value, value);
        return before == null ? value : (T) before;
    }

    private void evictIfFull() {
        if (byId.size() < maxKeys) {
            return;
        }
        CachedResult entry = byId.next();
        for (int inspected = 1; inspected < MAX_INSPECTIONS && entry.getAndClearUsed(); inspected++) {
            entry = byId.next();
        }
        remove(entry);
    }
}
