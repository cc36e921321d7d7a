package dev.keywright.core.cache;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys in the cache while its lease holds, and otherwise in the store. Revocation is immediate all the same. This is the whole
 * protocol; the numbers are those of {@code docs/coherence.md}.
 *
 * <p><b>A write</b>, by a node with a cache or without ({@link dev.keywright.spi.KeyStore} and {@code RevocationBarrier}):
 *
 * <ol>
 *   <li>In one transaction, the first statement takes the next revision; its lock puts all writes in one order. The change is a
 *       later statement, and is stamped with the revision.
 *   <li>A change that no key's row tells is recorded as an eviction with the same revision: of the tenant, if it changed any number
 *       of its keys; of each key that it deleted. A write that changed nothing records nothing.
 *   <li>After the commit, 1.25 leases pass before the call returns; also if nothing had to change, because the caller that wrote
 *       first may have died before its wait. Only after the wait may the records of evictions be deleted.
 *   <li>A caller that is interrupted meanwhile is told that the key is revoked, and not yet on every node.
 * </ol>
 *
 * <p><b>A node with a cache</b>, three times in each lease ({@link RevisionPoller}):
 *
 * <ol start="5">
 *   <li>It reads the clock, before it even asks for a connection.
 *   <li>It polls the changes above the revision that it has applied: keys, tenants, and whether any key was inserted, a page at a
 *       time. Each page is one snapshot.
 *   <li>It applies each page. If its lease has run out by then, if the revision went backwards, or if this is the first poll on a
 *       new connection, which may lead to another server, it flushes everything: the epoch rises, the log of evictions is emptied,
 *       and the revision applied is the head of the page, in one step with respect to fills. Otherwise it first logs what the page
 *       tells, with the revision that the page goes up to, which becomes the revision applied, in one such step; and then
 *       evicts it, in as many steps as it takes.
 *   <li>Last of all, after the last page, it extends its lease to one lease after the time of step 5. A poll that failed
 *       extends nothing, and its connection is given up.
 * </ol>
 *
 * <p><b>A verification</b> (here), by its text or, for a recheck, by the key's id:
 *
 * <ol start="9">
 *   <li>It reads the lease. If that has run out, it looks the key up, and the result is not cached. Only then does it read the
 *       entry.
 *   <li>An entry answers. A miss notes the epoch and the revision applied, and looks the key up by itself (it joins no lookup of
 *       another verification, which could have begun before it did). The result may be cached if the epoch is still the same, and
 *       the snapshot of the lookup is not below the revision now applied, or no eviction of the key or its tenant was logged above
 *       the snapshot; for a text without a key, if no insertion was. Check and fill are one step.
 *   <li>A lookup whose snapshot is below the revision that was applied before it began is stale: a lagging replica has
 *       answered. It is neither cached nor returned, with a lease or without.
 *   <li>If the store cannot answer, that is an error, and never a yes.
 * </ol>
 *
 * <p>So a poll that brings nothing refuses no fill, and a slow lookup is cached unless its own key or tenant was written
 * meanwhile: a cache that has to be filled under load fills up, however slow the store is. The epoch is needed beside the revisions,
 * because a fail-over that loses commits hands the same revisions out again.
 */
class CachingKeyFinder implements KeyFinder {

    private final StoreKeyFinder store;
    private final KeyFingerprints names;
    private final Lease lease;
    private final KeyCache entries;
    private final CacheCounters counters;
    private final StaleLookupGuard stale;

    CachingKeyFinder(
            StoreKeyFinder store,
            KeyFingerprints names,
            Lease lease,
            KeyCache entries,
            CacheCounters counters,
            StaleLookupGuard stale) {
        this.store = store;
        this.names = names;
        this.lease = lease;
        this.entries = entries;
        this.counters = counters;
        this.stale = stale;
    }

    @Override
    public LookupResult find(@Nullable String text) {
        if (text == null) {
            return LookupResult.NOT_RECOGNIZED;
        }
        if (KeyText.hasLengthAndPrefix(text)) {
            long first = KeyText.word(text, 3);
            long second = KeyText.word(text, 11);
            long third = KeyText.word(text, 19);
            long fourth = KeyText.word(text, 27);
            if (KeyText.areDigits(first, second, third, fourth)) {
                return lease.holds()
                        ? remembered(text, entries.get(names.ofIssued(first, second, third, fourth)))
                        : readThrough(text);
            }
        }
        if (store.isImported(text)) {
            return lease.holds() ? remembered(text, entries.get(names.of(text))) : readThrough(text);
        }
        return LookupResult.NOT_RECOGNIZED;
    }

    @Override
    public LookupResult find(TenantId tenant, KeyId id) {
        if (!lease.holds()) {
            counters.readThrough();
            long applied = entries.applied();
            return stale.refuseStale(store.find(tenant, id), applied);
        }
        LookupResult known = entries.get(tenant, id);
        if (known != null) {
            counters.hit();
            return known;
        }
        long epoch = entries.epoch();
        long applied = entries.applied();
        LookupResult found = stale.refuseStale(store.find(tenant, id), applied);
        counters.miss();
        return found.key() == null ? found : filled(fillById(found, epoch), found);
    }

    private LookupResult readThrough(String text) {
        counters.readThrough();
        long applied = entries.applied();
        return stale.refuseStale(store.find(text), applied);
    }

    private LookupResult remembered(String text, @Nullable LookupResult known) {
        if (known == null) {
            return missed(text);
        }
        counters.hit();
        return known;
    }

    private LookupResult missed(String text) {
        long epoch = entries.epoch();
        long applied = entries.applied();
        LookupResult found = stale.refuseStale(store.find(text), applied);
        if (!found.recognized()) {
            return found;
        }
        counters.miss();
        return filled(fillByText(text, found, epoch), found);
    }

    /** Caches what was found. The name is made once more: so the one made before never leaves its method, and takes no memory. */
    @Nullable LookupResult fillByText(String text, LookupResult found, long epoch) {
        return entries.fill(names.of(text), found, epoch);
    }

    @Nullable LookupResult fillById(LookupResult found, long epoch) {
        return entries.fill(null, found, epoch);
    }

    private LookupResult filled(@Nullable LookupResult cached, LookupResult found) {
        if (cached == null) {
            counters.refusedFill();
            return found;
        }
        return cached;
    }
}
