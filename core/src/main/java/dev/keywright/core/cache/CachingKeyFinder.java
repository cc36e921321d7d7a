package dev.keywright.core.cache;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.common.TestSeam;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys in the cache while the node's lease holds, otherwise in the store. A revocation takes effect on every node before its call
 * returns. The steps below are the whole protocol; {@code docs/coherence.md} has the model, the results and the limits.
 *
 * <p><b>A write</b>, by a node with a cache or without ({@link dev.keywright.spi.KeyStore} and {@code RevocationBarrier}):
 *
 * <ol>
 *   <li>In one transaction, the first statement takes the next revision; its lock puts all writes in one order. The change is a
 *       later statement, and is stamped with the revision.
 *   <li>A change that is not visible in the row of a key gets an eviction record with the same revision: {@code revokeAll} and
 *       {@code purgeTenant} record the tenant, {@code purge} each key that it deleted. A write that changed nothing records nothing.
 *   <li>After the commit, the revocation barrier of 1.25 leases passes before the call returns, even if nothing had to change: the
 *       caller that made the change may have died before its barrier. Eviction records may be deleted only after the barrier.
 *   <li>A caller that is interrupted meanwhile gets an exception: the key is revoked, but not yet on every node.
 * </ol>
 *
 * <p><b>A node with a cache</b>, three times in each lease ({@link RevisionPoller}):
 *
 * <ol start="5">
 *   <li>It reads the clock, before it requests a connection.
 *   <li>It polls the changes above its applied revision: keys, tenants, and whether any key was inserted, a page at a
 *       time. Each page is one snapshot, or its revision was read before its changes.
 *   <li>It applies each page. If its lease has expired by then, if the revision went backwards, or if this is the first poll on a new
 *       connection, which may lead to another server, it flushes everything: the epoch increases, the eviction log is cleared,
 *       and the applied revision becomes the head of the page, atomically with respect to fills. Otherwise it first logs the changes of
 *       the page, with the revision up to which the page goes, which becomes the applied revision, likewise atomically; and then
 *       evicts the changed entries, in as many steps as necessary.
 *   <li>Finally, after the last page, it extends its lease to one lease after the time of step 5. A failed poll extends nothing, and
 *       its connection is closed.
 * </ol>
 *
 * <p><b>A verification</b> (here), by its text or, for a recheck, by the key's id:
 *
 * <ol start="9">
 *   <li>It reads the lease. If the lease has expired, it looks the key up, and the result is not cached. Only after the lease does it
 *       read the entry.
 *   <li>If there is an entry, its result is returned. On a miss it reads the epoch and the applied revision, and looks the
 *       key up itself (it does not join the lookup of another verification, which could have begun earlier). The result is cached only
 *       if (a) the epoch is unchanged, and (b) the snapshot of the lookup is not below the revision that is applied by then, or the log
 *       has no eviction of the key or its tenant above the snapshot (for a text without a key: no insertion). Check and fill are atomic.
 *   <li>A lookup whose snapshot is below the revision that was applied before it began is stale: a lagging replica has answered. Its
 *       result is neither cached nor returned, with a lease or without.
 *   <li>If the store cannot answer, the verification fails with an exception, and never accepts the key.
 * </ol>
 *
 * <p>A poll without changes therefore refuses no fill, and a slow lookup is cached unless its own key or tenant was written
 * meanwhile: a cold cache fills up under load, however slow the store is. The epoch is needed in addition to the revisions, because a
 * fail-over that loses commits assigns the same revisions again.
 */
@TestSeam
class CachingKeyFinder implements KeyFinder {

    private final StoreKeyFinder store;
    private final KeyTextFormats formats;
    private final KeyFingerprints fingerprints;
    private final Lease lease;
    private final KeyCache cache;
    private final CacheCounters counters;
    private final StaleLookupGuard staleLookupGuard;

    CachingKeyFinder(
            StoreKeyFinder store,
            KeyFingerprints fingerprints,
            Lease lease,
            KeyCache cache,
            CacheCounters counters,
            StaleLookupGuard staleLookupGuard) {
        this.store = store;
        this.formats = store.formats();
        this.fingerprints = fingerprints;
        this.lease = lease;
        this.cache = cache;
        this.counters = counters;
        this.staleLookupGuard = staleLookupGuard;
    }

    @Override
    public final boolean recognizes(@Nullable String token) {
        return store.recognizes(token);
    }

    @TestSeam
    @Override
    public Result find(@Nullable String text) {
        if (text == null) {
            return LookupResult.NOT_RECOGNIZED;
        }
        KeyTextFormat format = formats.of(text);
        if (format != null) {
            int from = text.length() - KeyText.SECRET;
            long first = KeyText.word(text, from);
            long second = KeyText.word(text, from + 8);
            long third = KeyText.word(text, from + 16);
            long fourth = KeyText.word(text, from + 24);
            if (KeyText.areDigits(first, second, third, fourth)) {
                return lease.holds()
                        ? cachedOrFound(text, cache.get(fingerprints.ofIssued(format, first, second, third, fourth)))
                        : readThrough(text);
            }
        }
        if (store.isImported(text)) {
            return lease.holds() ? cachedOrFound(text, cache.get(fingerprints.of(text))) : readThrough(text);
        }
        return LookupResult.NOT_RECOGNIZED;
    }

    @Override
    public final Result find(TenantId tenant, KeyId id) {
        if (!lease.holds()) {
            counters.readThrough();
            long applied = cache.applied();
            return staleLookupGuard.refuseStale(store.find(tenant, id), applied);
        }
        CachedResult cached = cache.get(tenant, id);
        if (cached != null) {
            counters.hit();
            return cached;
        }
        long epoch = cache.epoch();
        long applied = cache.applied();
        LookupResult found = staleLookupGuard.refuseStale(store.find(tenant, id), applied);
        counters.miss();
        return found.key() == null ? found : filled(fillById(found, epoch), found);
    }

    private LookupResult readThrough(String text) {
        counters.readThrough();
        long applied = cache.applied();
        return staleLookupGuard.refuseStale(store.find(text), applied);
    }

    private Result cachedOrFound(String text, @Nullable CachedResult cached) {
        if (cached == null) {
            return findAndFill(text);
        }
        counters.hit();
        return cached;
    }

    private Result findAndFill(String text) {
        long epoch = cache.epoch();
        long applied = cache.applied();
        LookupResult found = staleLookupGuard.refuseStale(store.find(text), applied);
        if (!found.recognized()) {
            return found;
        }
        counters.miss();
        return filled(fillByText(text, found, epoch), found);
    }

    /** Computes the fingerprint again: the first one then never escapes its method, and is not allocated. */
    @TestSeam
    @Nullable Result fillByText(String text, LookupResult found, long epoch) {
        return cache.fill(fingerprints.of(text), found, epoch);
    }

    @TestSeam
    @Nullable Result fillById(LookupResult found, long epoch) {
        return cache.fill(null, found, epoch);
    }

    private Result filled(@Nullable Result cached, LookupResult found) {
        if (cached == null) {
            counters.refusedFill();
            return found;
        }
        return cached;
    }
}
