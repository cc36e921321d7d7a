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

/** Nodes with plausible planted faults. */
final class WrongNodes {

    private WrongNodes() {}

    public static final class NoWait extends InterleavedNode {
        @Override
        Duration writerWait() {
            return Duration.ZERO;
        }
    }

    public static final class LeaseFromAfterThePoll extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore of, CacheCounters counted) {
            return new RevisionPoller(of, time, lease, cache, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    super.follow(connection, first, time.nanoTime());
                }
            };
        }
    }

    public static final class ExtendedBeforeEviction extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore of, CacheCounters counted) {
            return new RevisionPoller(of, time, lease, cache, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    lease.extend(start, first.lease());
                    super.follow(connection, first, start);
                }
            };
        }
    }

    public static final class EntryBeforeLease extends InterleavedNode {
        @Override
        CachingKeyFinder keyFinder(StoreKeyFinder storeKeyFinder) {
            return new CachingKeyFinder(storeKeyFinder, FINGERPRINTS_OF_TEXTS, lease, cache, counters, stale) {
                @Override
                public Answer find(@Nullable String text) {
                    @Nullable CachedResult known = text == null ? null : cache.get(FINGERPRINTS_OF_TEXTS.of(text));
                    return known != null && lease.holds() ? known : super.find(text);
                }
            };
        }
    }

    public static final class FillIgnoresTheRevision extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM) {
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
            return new KeyCache(ROOM) {
                @Override
                synchronized Map<TenantEntries, Integer> log(Changes page) {
                    return super.log(new Changes(
                            page.through(), page.head(), page.lease(), page.keys(), List.of(), page.inserted()));
                }
            };
        }
    }

    public static final class FillOfImportedTextsIgnoresTheRevision extends InterleavedNode {
        @Override
        CachingKeyFinder keyFinder(StoreKeyFinder storeKeyFinder) {
            return new CachingKeyFinder(storeKeyFinder, FINGERPRINTS_OF_TEXTS, lease, cache, counters, stale) {
                @Override
                KeyFinder.@Nullable Answer fillByText(String text, LookupResult found, long epoch) {
                    return storeKeyFinder.isImported(text)
                            ? cache.put(FINGERPRINTS_OF_TEXTS.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    /** Evicts before it logs, so that the key can be filled in between. */
    public static final class EvictedBeforeLogged extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM) {
                @Override
                void apply(Changes page) {
                    evict(page.keys());
                    log(page);
                }
            };
        }
    }

    /** Checks and fills in two steps. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class CheckThenFill extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM) {
                @Override
                KeyFinder.@Nullable Answer fill(@Nullable Fingerprint fingerprint, LookupResult found, long since) {
                    if (epoch() != since || !isCurrent(found)) {
                        return null;
                    }
                    return put(fingerprint, found);
                }
            };
        }
    }

    /** Fills before it checks. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class PutThenCheck extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM) {
                @Override
                KeyFinder.@Nullable Answer fill(@Nullable Fingerprint fingerprint, LookupResult found, long since) {
                    KeyFinder.Answer entry = put(fingerprint, found);
                    if (epoch() == since && isCurrent(found)) {
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

    /** Keeps unknown texts after an insertion. */
    public static final class UnknownForever extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM) {
                @Override
                synchronized Map<TenantEntries, Integer> log(Changes page) {
                    return super.log(
                            new Changes(page.through(), page.head(), page.lease(), page.keys(), page.tenants(), false));
                }
            };
        }
    }

    /** A poll during close extends the lease again. */
    public static final class LeasedAfterTermination extends InterleavedNode {
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

    public static final class TooMuchRoom extends InterleavedNode {
        @Override
        KeyCache cache() {
            return new KeyCache(ROOM + 1);
        }
    }

    public static final class LeaseIgnored extends InterleavedNode {
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
