package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.core.Fixture;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.cache.Stage.Presented;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plausible mistakes in the protocol of {@link CachingKeyFinder}. Each is implemented here, and accepts a revoked key in an {@link
 * Interleaving} in which the node as built rejects it.
 */
@Timeout(60)
class PlantedFaultsTest {

    /** A mistake, and the order of steps in which it accepts a revoked key. */
    private record Fault(String name, Supplier<Stage> stage, Interleaving showsIn) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void revokedKeyIsRejected(Interleaving order, Presented presented) {
        assertThat(order.acceptsRevokedKey(new Stage().about(presented))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faultsByText")
    void plantedFaultAcceptsRevokedKey(Fault fault, Presented presented) {
        assertThat(fault.showsIn().acceptsRevokedKey(fault.stage().get().about(presented)))
                .isTrue();
    }

    @Test
    void faultOfImportedTextsNeedsImportedKey() {
        Interleaving order = Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL;

        assertThat(order.acceptsRevokedKey(new FillOfImportedTextsIgnoresTheRevision().about(Presented.ISSUED_TEXT)))
                .isFalse();
        assertThat(order.acceptsRevokedKey(new FillOfImportedTextsIgnoresTheRevision().about(Presented.IMPORTED_TEXT)))
                .isTrue();
    }

    @Test
    void faultOfFillsByIdIsFound() {
        Stage stage = new FillByIdIgnoresTheRevision().about(Presented.ID);

        assertThat(Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL.acceptsRevokedKey(stage))
                .isTrue();
    }

    static Stream<Arguments> orders() {
        return Arrays.stream(Interleaving.values())
                .flatMap(order -> Arrays.stream(Presented.values()).map(how -> Arguments.of(order, how)));
    }

    static Stream<Arguments> faultsByText() {
        return faults().flatMap(fault ->
                Stream.of(Presented.ISSUED_TEXT, Presented.IMPORTED_TEXT).map(how -> Arguments.of(fault, how)));
    }

    @Test
    void eachInterleavingFindsAFault() {
        assertThat(faults().map(Fault::showsIn)).contains(Interleaving.values());
    }

    @Test
    void activeKeyIsCached() {
        Stage stage = new Stage();

        assertThat(stage.accepts()).isTrue();
        stage.afterLookup = () -> {
            throw new AssertionError("lookup of a cached key");
        };
        assertThat(stage.accepts()).isTrue();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("no wait", NoWait::new, Interleaving.REVOKED_WHILE_CACHED),
                new Fault(
                        "no wait for a repeated revocation",
                        NoWaitWhenRepeated::new,
                        Interleaving.REVOKED_AGAIN_AFTER_THE_FIRST_CALLER_DIED),
                new Fault(
                        "lease from after the poll",
                        LeaseFromAfterThePoll::new,
                        Interleaving.REVOKED_DURING_A_SLOW_POLL),
                new Fault(
                        "lease extended before eviction",
                        LeaseExtendedBeforeEviction::new,
                        Interleaving.RETURNED_DURING_LEASE_EXTENSION),
                new Fault(
                        "fill ignores the revision",
                        FillIgnoresTheRevision::new,
                        Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL),
                new Fault(
                        "fill ignores the revision of the tenant",
                        FillIgnoresTheRevision::new,
                        Interleaving.REVOKED_WITH_ITS_TENANT_BETWEEN_LOOKUP_AND_FILL),
                new Fault("tenants not evicted", TenantsNotEvicted::new, Interleaving.REVOKED_WITH_ITS_TENANT),
                new Fault(
                        "fill ignores the epoch",
                        FillIgnoresTheEpoch::new,
                        Interleaving.FILLED_AFTER_A_FAIL_OVER_THAT_LOST_A_COMMIT),
                new Fault(
                        "lease extended after the first page",
                        LeaseExtendedAfterFirstPage::new,
                        Interleaving.REVOKED_ON_THE_SECOND_PAGE),
                new Fault(
                        "lapse checked on the first page only",
                        LapseCheckedOnFirstPageOnly::new,
                        Interleaving.RECORDS_DELETED_BETWEEN_TWO_PAGES),
                new Fault("no check for stale lookups", NoStaleCheck::new, Interleaving.LOOKED_UP_ON_A_LAGGING_REPLICA),
                new Fault("put, then check", PutThenCheck::new, Interleaving.RETURNED_BETWEEN_PUT_AND_CHECK),
                new Fault("check, then put", CheckThenPut::new, Interleaving.REVOKED_BETWEEN_CHECK_AND_PUT),
                new Fault(
                        "evicted before logged",
                        EvictedBeforeLogged::new,
                        Interleaving.FILLED_BETWEEN_EVICTION_AND_LOG),
                new Fault(
                        "entry read before the lease",
                        EntryBeforeLease::new,
                        Interleaving.POLLED_BETWEEN_ENTRY_AND_LEASE),
                new Fault("joined lookups", JoinedLookups::new, Interleaving.RETURNED_DURING_A_LOOKUP),
                new Fault(
                        "purge without eviction records",
                        PurgeWithoutRecords::new,
                        Interleaving.PURGED_BEFORE_THE_POLL),
                new Fault(
                        "no flush after a lapse",
                        NoFlushAfterALapse::new,
                        Interleaving.RECORDS_DELETED_AFTER_THE_LEASE_EXPIRED));
    }

    private static final class NoWait extends Stage {
        @Override
        WriteResult written(WriteResult answer) {
            return answer.withLease(Duration.ZERO);
        }
    }

    private static final class NoWaitWhenRepeated extends Stage {
        @Override
        WriteResult written(WriteResult answer) {
            return answer.changed() ? answer : answer.withLease(Duration.ZERO);
        }
    }

    private static final class LeaseFromAfterThePoll extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    super.follow(connection, first, by.nanoTime());
                }
            };
        }
    }

    private static final class LeaseExtendedBeforeEviction extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    until.extend(begun, first.lease());
                    super.follow(connection, first, begun);
                }
            };
        }
    }

    private static final class LeaseExtendedAfterFirstPage extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    apply(first);
                    until.extend(begun, first.lease());
                }
            };
        }
    }

    private static final class LapseCheckedOnFirstPageOnly extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                private boolean laterPage;

                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    laterPage = first.isPartial();
                    super.follow(connection, first, begun);
                    laterPage = false;
                }

                @Override
                boolean hasLapsed() {
                    return !laterPage && super.hasLapsed();
                }
            };
        }
    }

    private static class NoStaleCheck extends Stage {
        @Override
        StaleLookupGuard stale(CacheCounters counted) {
            return new StaleLookupGuard(time, counted) {
                @Override
                LookupResult refuseStale(LookupResult found, long applied) {
                    return found;
                }
            };
        }
    }

    private static final class TenantsNotEvicted extends Stage {
        @Override
        Changes poll(Changes answer) {
            return Changes.of(
                    answer.through(), answer.head(), answer.lease(), answer.keys(), List.of(), answer.inserted());
        }
    }

    private static final class FillOfImportedTextsIgnoresTheRevision extends Stage {
        @Override
        CachingKeyFinder node(StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard stale) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, stale) {
                @Override
                KeyFinder.@Nullable Answer fillByText(String text, LookupResult found, long epoch) {
                    return storeKeyFinder.isImported(text)
                            ? cache.put(fingerprints.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    private static final class FillByIdIgnoresTheRevision extends Stage {
        @Override
        CachingKeyFinder node(StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard stale) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, stale) {
                @Override
                KeyFinder.@Nullable Answer fillById(LookupResult found, long epoch) {
                    return cache.put(null, found);
                }
            };
        }
    }

    private static final class NoFlushAfterALapse extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                boolean hasLapsed() {
                    return false;
                }
            };
        }
    }

    private static final class FillIgnoresTheRevision extends Stage {
        @Override
        KeyCache cache(int most) {
            return new KeyCache(most) {
                @Override
                boolean isCurrent(LookupResult found) {
                    return true;
                }
            };
        }
    }

    private static final class FillIgnoresTheEpoch extends Stage {
        @Override
        KeyCache cache(int most) {
            return new KeyCache(most) {
                @Override
                void nextEpoch() {
                    // The fault: the epoch does not change.
                }
            };
        }
    }

    private static final class PutThenCheck extends Stage {
        @Override
        KeyCache cache(int most) {
            return new KeyCache(most) {
                @Override
                synchronized KeyFinder.@Nullable Answer fill(
                        @Nullable Fingerprint name, LookupResult found, long since) {
                    KeyFinder.Answer entry = put(name, found);
                    runOnce(PutThenCheck.this);
                    if (epoch() == since && isCurrent(found)) {
                        return entry;
                    }
                    evict(List.of(found.id()));
                    return null;
                }
            };
        }
    }

    private static void runOnce(Stage stage) {
        Runnable step = stage.afterPut;
        stage.afterPut = () -> {};
        step.run();
    }

    private static final class CheckThenPut extends Stage {
        @Override
        KeyCache cache(int most) {
            return new KeyCache(most) {
                @Override
                synchronized KeyFinder.@Nullable Answer fill(
                        @Nullable Fingerprint name, LookupResult found, long since) {
                    if (epoch() != since || !isCurrent(found)) {
                        return null;
                    }
                    runOnce(CheckThenPut.this);
                    return put(name, found);
                }
            };
        }
    }

    private static final class EvictedBeforeLogged extends Stage {
        @Override
        KeyCache cache(int most) {
            return new KeyCache(most) {
                @Override
                void apply(Changes page) {
                    evict(page.keys());
                    runOnce(EvictedBeforeLogged.this);
                    log(page);
                }
            };
        }
    }

    private static final class EntryBeforeLease extends Stage {
        @Override
        CachingKeyFinder node(StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard stale) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, stale) {
                @Override
                public Answer find(@Nullable String text) {
                    @Nullable CachedResult known = text == null ? null : cache.get(fingerprints.of(text));
                    return known != null && lease.holds() ? known : super.find(text);
                }
            };
        }
    }

    /** Without the check for stale lookups, which refuses a joined result: its snapshot is below the revision applied. */
    private static final class JoinedLookups extends NoStaleCheck {
        @Override
        Function<Digest, LookupSnapshot> lookups(KeyStore of) {
            Map<Digest, LookupSnapshot> underWay = new HashMap<>();
            return digest -> {
                LookupSnapshot joined = underWay.get(digest);
                if (joined != null) {
                    return joined;
                }
                underWay.put(digest, database.findByDigest(digest));
                of.findByDigest(digest);
                return Objects.requireNonNull(underWay.remove(digest));
            };
        }
    }

    /** Neither a row nor an eviction record shows the deletion. */
    private static final class PurgeWithoutRecords extends Stage {
        @Override
        Changes poll(Changes answer) {
            List<KeyId> there = answer.keys().stream()
                    .filter(key ->
                            database.find(Fixture.ADMIN.tenant(), key).key().isPresent())
                    .toList();
            return Changes.of(
                    answer.through(), answer.head(), answer.lease(), there, answer.tenants(), answer.inserted());
        }
    }
}
