package dev.keywright.core.cache;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes in which something is wrong, as one is tempted to build them. */
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
        RevisionPoller heart(KeyStore of, CacheCounters counted) {
            return new RevisionPoller(of, time, lease, entries, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    super.follow(connection, first, time.nanoTime());
                }
            };
        }
    }

    public static final class ExtendedBeforeForgetting extends InterleavedNode {
        @Override
        RevisionPoller heart(KeyStore of, CacheCounters counted) {
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
        CachingKeyFinder node(StoreKeyFinder lookUp) {
            return new CachingKeyFinder(lookUp, TEXT_NAMES, lease, entries, counters, stale) {
                @Override
                public LookupResult find(String text) {
                    @Nullable LookupResult known = entries.get(TEXT_NAMES.of(text));
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
        CachingKeyFinder node(StoreKeyFinder lookUp) {
            return new CachingKeyFinder(lookUp, TEXT_NAMES, lease, entries, counters, stale) {
                @Override
                @Nullable LookupResult fillByText(String text, LookupResult found, long epoch) {
                    return lookUp.isImported(text)
                            ? entries.put(TEXT_NAMES.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    /** What is evicted first and logged afterwards can be filled in between. */
    public static final class ForgottenBeforeItIsLogged extends InterleavedNode {
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

    /** The check, and then the fill: two steps. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class CheckThenFill extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                public @Nullable LookupResult fill(@Nullable Fingerprint name, LookupResult found, long since) {
                    if (epoch() != since || !isCurrent(found)) {
                        return null;
                    }
                    return put(name, found);
                }
            };
        }
    }

    /** The fill, and then the check. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public static final class PutThenCheck extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM) {
                @Override
                public @Nullable LookupResult fill(@Nullable Fingerprint name, LookupResult found, long since) {
                    LookupResult entry = put(name, found);
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

    /** What belonged to no key stays known so, although keys were inserted. */
    public static final class UnknownForEver extends InterleavedNode {
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

    /** A beat that is under way while the cache is closed gives it another lease. */
    public static final class LeasedAfterItsEnd extends InterleavedNode {
        @Override
        Lease lease() {
            return new Lease(time) {
                @Override
                synchronized void endForGood() {
                    end();
                }
            };
        }
    }

    public static final class TooMuchRoom extends InterleavedNode {
        @Override
        KeyCache entries() {
            return new KeyCache(ROOM + 1);
        }
    }

    public static final class LeaseThatIsNotLookedAt extends InterleavedNode {
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
