package dev.keywright.core.cache;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes with planted faults. */
final class WrongNodes {

    private WrongNodes() {}

    public static final class NoWait extends InterleavedNode {
        @Override
        Duration barrier() {
            return Duration.ZERO;
        }
    }

    public static final class LeaseFromAfterThePoll extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore store, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    super.applyPages(feed, first, time.nanoTime());
                }
            };
        }
    }

    public static final class LeaseExtendedBeforeEviction extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore store, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    lease.extend(start, first.lease());
                    super.applyPages(feed, first, start);
                }
            };
        }
    }

    public static final class EntryBeforeLease extends InterleavedNode {
        @Override
        CachingKeyFinder node(StoreKeyFinder finder) {
            return new CachingKeyFinder(finder, KEY_FINGERPRINTS, lease, cache, counters, staleLookupGuard) {
                @Override
                public Result find(@Nullable String text) {
                    @Nullable CachedResult cached = text == null ? null : cache.get(KEY_FINGERPRINTS.of(text));
                    return cached != null && lease.holds() ? cached : super.find(text);
                }
            };
        }
    }

    public static final class FillIgnoresTheRevision extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                boolean isCurrent(LookupResult found) {
                    return true;
                }
            };
        }
    }

    public static final class FillIgnoresTheTenant extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                synchronized Map<TenantEntries, Integer> logChanges(Changes page) {
                    return super.logChanges(Changes.of(
                            page.through(), page.head(), page.lease(), page.keys(), List.of(), page.inserted()));
                }
            };
        }
    }

    public static final class FillOfImportedTextsIgnoresTheRevision extends InterleavedNode {
        @Override
        CachingKeyFinder node(StoreKeyFinder finder) {
            return new CachingKeyFinder(finder, KEY_FINGERPRINTS, lease, cache, counters, staleLookupGuard) {
                @Override
                KeyFinder.@Nullable Result fillByText(String text, LookupResult found, long epoch) {
                    return finder.isImported(text)
                            ? cache.put(KEY_FINGERPRINTS.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    /** Between the eviction and the log, a fill can restore the entry. */
    public static final class EvictedBeforeLogged extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                void apply(Changes page) {
                    evict(page.keys());
                    logChanges(page);
                }
            };
        }
    }

    /** The check and the fill are two steps. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class CheckThenFill extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                KeyFinder.@Nullable Result fill(
                        @Nullable Fingerprint fingerprint, LookupResult found, long lookupEpoch) {
                    if (epoch() != lookupEpoch || !isCurrent(found)) {
                        return null;
                    }
                    return put(fingerprint, found);
                }
            };
        }
    }

    /** The fill comes before the check. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class PutThenCheck extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                KeyFinder.@Nullable Result fill(
                        @Nullable Fingerprint fingerprint, LookupResult found, long lookupEpoch) {
                    KeyFinder.Result entry = put(fingerprint, found);
                    if (epoch() == lookupEpoch && isCurrent(found)) {
                        return entry;
                    }
                    if (found.key() != null) {
                        evict(List.of(found.id()));
                    }
                    return null;
                }
            };
        }
    }

    /** Insertions do not evict unknown results. */
    public static final class UnknownForever extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS) {
                @Override
                synchronized Map<TenantEntries, Integer> logChanges(Changes page) {
                    return super.logChanges(
                            Changes.of(page.through(), page.head(), page.lease(), page.keys(), page.tenants(), false));
                }
            };
        }
    }

    /** A poll in progress extends the lease of a closed cache. */
    public static final class LeasedAfterClose extends InterleavedNode {
        @Override
        Lease lease() {
            return new Lease(time) {
                @Override
                synchronized void terminate() {
                    expire();
                }
            };
        }
    }

    public static final class LimitExceeded extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(MAX_KEYS + 1);
        }
    }

    public static final class LeaseNotChecked extends InterleavedNode {
        @Override
        Lease lease() {
            return new Lease(time) {
                @Override
                boolean holds() {
                    return true;
                }
            };
        }
    }
}
