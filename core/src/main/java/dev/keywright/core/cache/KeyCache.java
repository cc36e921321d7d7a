package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
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
 * Thread-safe, bounded cache of lookup results, by the names of the texts and by the ids of the keys: of keys, in whatever state
 * they are, and of a few texts that belong to no key, so that no made-up text takes the place of a key. Where there is no room, a key
 * is evicted that was not used since it was last looked at (second chance, with a bound on the number of looks).
 *
 * <p>A hit takes no lock. A fill, the log of evictions and each eviction take the same lock, so that each of these is one step to the
 * others. No step under the lock takes longer than a small part of a lease, however many entries there are: the tables grow in
 * small parts, and long lists are evicted in batches.
 */
public class KeyCache {

    private static final int MOST_UNKNOWN = 1024;
    private static final int MOST_SHARED = 16_384;
    private static final int MOST_LOGGED = 10_000;

    /** Of entries that are looked at for one to evict: where all are used, the search would never end early. */
    private static final int MOST_LOOKS = 256;

    /** Of entries that are evicted under the lock in one step. */
    private static final int BATCH = 1000;

    private final int mostKeys;

    /** Written under this lock only, as are the next six. */
    private final FingerprintTable byName;

    private final IdTable byId;
    private final List<Map<TenantId, TenantEntries>> byTenant = new ArrayList<>();
    private final EvictionLog log = new EvictionLog(MOST_LOGGED);

    /** The texts that belong to no key, the oldest first. */
    private final Queue<CachedResult> unknown = new ArrayDeque<>();

    /**
     * What many keys have in common: tenants, scopes, who created them. One object for all of them takes the memory of one, and
     * is mostly near the processor.
     */
    private final Map<Object, Object> shared = new HashMap<>();

    private volatile long applied;
    private volatile long epoch;

    public KeyCache(int mostKeys) {
        this.mostKeys = mostKeys;
        this.byName = new FingerprintTable(mostKeys);
        this.byId = new IdTable(mostKeys);
        for (int shard = ShardedTable.shards(mostKeys); shard > 0; shard--) {
            byTenant.add(new HashMap<>());
        }
    }

    /** {@return the result for a text; null if it is not cached} */
    final @Nullable CachedResult get(Fingerprint name) {
        CachedResult entry = byName.get(name);
        if (entry != null) {
            entry.markUsed();
        }
        return entry;
    }

    /** {@return the result for a key; null if it is not cached} */
    final @Nullable CachedResult get(TenantId tenant, KeyId id) {
        CachedResult entry = byId.get(id);
        if (entry == null || !entry.tenant().equals(tenant)) {
            return null;
        }
        entry.markUsed();
        return entry;
    }

    /** {@return the number that each flush raises; to be read before {@link #applied}} */
    public final long epoch() {
        return epoch;
    }

    /** {@return the revision up to which all changes are applied, or at least logged} */
    final long applied() {
        return applied;
    }

    /**
     * Caches the result of a lookup, if there was no flush since an epoch, and its snapshot is not older than an eviction that
     * concerns it.
     *
     * @param name the name of the text; null where the key was looked up by its id
     * @return the result as it is cached; null if it is not
     */
    public synchronized @Nullable LookupResult fill(@Nullable Fingerprint name, LookupResult found, long since) {
        return epoch == since && isCurrent(found) ? put(name, found) : null;
    }

    /** Whether nothing was evicted since the snapshot of a lookup that concerns its result. */
    boolean isCurrent(LookupResult found) {
        if (found.revision() >= applied) {
            return true;
        }
        return found.key() == null
                ? log.isWithoutInsertion(found.revision())
                : log.isCurrent(found.tenant(), found.id(), found.revision());
    }

    /** Evicts what was changed, and returns when all of it is gone. Called by one thread at a time, as is {@link #flush}. */
    void apply(Changes page) {
        // Logged first, for all of the page: a fill between the two steps is refused, or is newer.
        Map<TenantEntries, Integer> tenants = log(page);
        List<KeyId> keys = page.keys();
        for (int from = 0; from < keys.size(); from += BATCH) {
            evict(keys.subList(from, Math.min(keys.size(), from + BATCH)));
        }
        tenants.forEach(this::evictOldest);
    }

    /** {@return the tenants that are to be evicted, each with the number of its entries} */
    synchronized Map<TenantEntries, Integer> log(Changes page) {
        long through = page.through();
        page.keys().forEach(id -> log.add(id, through));
        page.tenants().forEach(tenant -> log.add(tenant, through));
        if (page.inserted()) {
            log.addInsertion(through);
            unknown.forEach(byName::remove);
            unknown.clear();
        }
        applied = through;
        Map<TenantEntries, Integer> there = new HashMap<>();
        for (TenantId tenant : page.tenants()) {
            TenantEntries entries = ofTenant(tenant).get(tenant);
            if (entries != null) {
                there.put(entries, entries.size());
            }
        }
        return there;
    }

    synchronized void evict(List<KeyId> keys) {
        for (KeyId id : keys) {
            CachedResult entry = byId.get(id);
            if (entry != null) {
                remove(entry);
            }
        }
    }

    /** Those that are cached meanwhile come last, and are newer than the eviction. */
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

    /** Evicts everything, in a step whose time does not depend on how much that is, and goes on from a revision. */
    public synchronized void flush(long revision) {
        byName.clear();
        byId.clear();
        byTenant.replaceAll(before -> new HashMap<>());
        unknown.clear();
        shared.clear();
        log.clear(revision);
        // In this order: a thread that reads the new epoch reads the new revision after it.
        applied = revision;
        nextEpoch();
    }

    void nextEpoch() {
        epoch = epoch() + 1;
    }

    /** {@return the number of keys that are cached} */
    synchronized int keys() {
        return byId.size();
    }

    final synchronized LookupResult put(@Nullable Fingerprint name, LookupResult found) {
        if (name != null && byName.get(name) != null) {
            // It stays until it is evicted, even if what was found is newer.
            return found;
        }
        ApiKey key = found.key();
        if (key == null) {
            return name == null ? found : putUnknown(new CachedResult(name, null, found.revision()));
        }
        CachedResult before = byId.get(key.id());
        if (before == null) {
            makeRoom();
        } else if (name == null) {
            return found;
        } else {
            // It has no text, or another one, of which there should be none; but if there were, nothing would ever
            // evict the first.
            remove(before);
        }
        return add(new CachedResult(name, sharing(key), found.revision()));
    }

    private CachedResult add(CachedResult entry) {
        TenantId tenant = entry.tenant();
        ofTenant(tenant).computeIfAbsent(tenant, TenantEntries::new).add(entry);
        byId.add(entry);
        if (entry.hasFingerprint()) {
            byName.add(entry);
        }
        return entry;
    }

    private void remove(CachedResult entry) {
        byId.remove(entry);
        if (entry.hasFingerprint()) {
            byName.remove(entry);
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
        // The maps use the lower bits themselves.
        return byTenant.get(((hash * 0x9E3779B9) >>> 8) & (byTenant.size() - 1));
    }

    private CachedResult putUnknown(CachedResult entry) {
        if (unknown.size() == MOST_UNKNOWN) {
            byName.remove(unknown.remove());
        }
        unknown.add(entry);
        byName.add(entry);
        return entry;
    }

    private ApiKey sharing(ApiKey key) {
        return StoredValues.keyBuilder(key)
                .tenant(shared(key.tenant()))
                .scopes(shared(key.scopes()))
                .createdBy(shared(key.createdBy()))
                .build();
    }

    @SuppressWarnings("unchecked") // What is equal to a T is one: tenants, scopes and actors are final classes.
    private <T> T shared(T value) {
        if (shared.size() == MOST_SHARED) {
            shared.clear();
        }
        Object before = shared.putIfAbsent(value, value);
        return before == null ? value : (T) before;
    }

    private void makeRoom() {
        if (byId.size() < mostKeys) {
            return;
        }
        CachedResult entry = byId.any();
        for (int looks = 1; looks < MOST_LOOKS && entry.clearUsed(); looks++) {
            entry = byId.any();
        }
        remove(entry);
    }
}
