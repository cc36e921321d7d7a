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
        Duration waitsFor() {
            return Duration.ZERO;
        }
    }

    public static final class LeaseFromAfterThePoll extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore of, CacheCounters counted) {
            return new RevisionPoller(of, time, lease, entries, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    super.follow(connection, first, time.nanoTime());
                }
            };
        }
    }

    public static final class LeaseExtendedBeforeEviction extends InterleavedNode {
        @Override
        RevisionPoller poller(KeyStore of, CacheCounters counted) {
            return new RevisionPoller(of, time, lease, entries, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    lease.extend(begun, first.lease());
                    super.follow(connection, first, begun);
                }
            };
        }
    }

    public static final class EntryBeforeLease extends InterleavedNode {
        @Override
        CachingKeyFinder node(StoreKeyFinder finder) {
            return new CachingKeyFinder(finder, FINGERPRINTER, lease, entries, counters, staleLookups) {
                @Override
                public Answer find(@Nullable String text) {
                    @Nullable CachedResult known = text == null ? null : entries.get(FINGERPRINTER.of(text));
                    return known != null && lease.holds() ? known : super.find(text);
                }
            };
        }
    }

    public static final class FillIgnoresTheRevision extends InterleavedNode {
        @Override
        KeyCache entries() {
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
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                synchronized Map<TenantEntries, Integer> log(Changes page) {
                    return super.log(Changes.of(
                            page.through(), page.head(), page.lease(), page.keys(), List.of(), page.inserted()));
                }
            };
        }
    }

    public static final class FillOfImportedTextsIgnoresTheRevision extends InterleavedNode {
        @Override
        CachingKeyFinder node(StoreKeyFinder finder) {
            return new CachingKeyFinder(finder, FINGERPRINTER, lease, entries, counters, staleLookups) {
                @Override
                KeyFinder.@Nullable Answer fillByText(String text, LookupResult found, long epoch) {
                    return finder.isImported(text)
                            ? entries.put(FINGERPRINTER.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    /** Between the eviction and the log, a fill can restore the entry. */
    public static final class EvictedBeforeLogged extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                void apply(Changes page) {
                    evict(page.keys());
                    log(page);
                }
            };
        }
    }

    /** The check and the fill are two steps. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class CheckThenFill extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                KeyFinder.@Nullable Answer fill(@Nullable Fingerprint name, LookupResult found, long since) {
                    if (epoch() != since || !isCurrent(found)) {
                        return null;
                    }
                    return put(name, found);
                }
            };
        }
    }

    /** The fill comes before the check. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class PutThenCheck extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                KeyFinder.@Nullable Answer fill(@Nullable Fingerprint name, LookupResult found, long since) {
                    KeyFinder.Answer entry = put(name, found);
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

    /** Insertions do not evict unknown results. */
    public static final class UnknownForever extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                synchronized Map<TenantEntries, Integer> log(Changes page) {
                    return super.log(
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
        KeyCache entries() {
            return new KeyCache(ROOM + 1);
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
