package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.core.Fixture;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.cache.Stage.KeyForm;
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

    /** Mistake, and an interleaving in which it accepts a revoked key. */
    private record Fault(String name, Supplier<Stage> stage, Interleaving interleaving) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("interleavings")
    void revokedKeyIsRejected(Interleaving interleaving, KeyForm form) {
        assertThat(interleaving.acceptsRevokedKey(new Stage().about(form))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faultsByText")
    void plantedFaultAcceptsRevokedKey(Fault fault, KeyForm form) {
        assertThat(fault.interleaving().acceptsRevokedKey(fault.stage().get().about(form)))
                .isTrue();
    }

    @Test
    void faultOfImportedTextsNeedsImportedKey() {
        Interleaving interleaving = Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL;

        assertThat(interleaving.acceptsRevokedKey(
                        new FillOfImportedTextsIgnoresTheRevision().about(KeyForm.ISSUED_TEXT)))
                .isFalse();
        assertThat(interleaving.acceptsRevokedKey(
                        new FillOfImportedTextsIgnoresTheRevision().about(KeyForm.IMPORTED_TEXT)))
                .isTrue();
    }

    @Test
    void faultOfFillsByIdIsFound() {
        Stage stage = new FillByIdIgnoresTheRevision().about(KeyForm.ID);

        assertThat(Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL.acceptsRevokedKey(stage))
                .isTrue();
    }

    static Stream<Arguments> interleavings() {
        return Arrays.stream(Interleaving.values())
                .flatMap(interleaving -> Arrays.stream(KeyForm.values()).map(form -> Arguments.of(interleaving, form)));
    }

    static Stream<Arguments> faultsByText() {
        return faults().flatMap(fault ->
                Stream.of(KeyForm.ISSUED_TEXT, KeyForm.IMPORTED_TEXT).map(form -> Arguments.of(fault, form)));
    }

    @Test
    void eachInterleavingFindsAFault() {
        assertThat(faults().map(Fault::interleaving)).contains(Interleaving.values());
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
                new Fault("no barrier", NoBarrier::new, Interleaving.REVOKED_WHILE_CACHED),
                new Fault(
                        "no barrier for a repeated revocation",
                        NoBarrierWhenRepeated::new,
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

    private static final class NoBarrier extends Stage {
        @Override
        WriteResult written(WriteResult result) {
            return result.withLease(Duration.ZERO);
        }
    }

    private static final class NoBarrierWhenRepeated extends Stage {
        @Override
        WriteResult written(WriteResult result) {
            return result.changed() ? result : result.withLease(Duration.ZERO);
        }
    }

    private static final class LeaseFromAfterThePoll extends Stage {
        @Override
        RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    super.applyPages(feed, first, time.nanoTime());
                }
            };
        }
    }

    private static final class LeaseExtendedBeforeEviction extends Stage {
        @Override
        RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    lease.extend(start, first.lease());
                    super.applyPages(feed, first, start);
                }
            };
        }
    }

    private static final class LeaseExtendedAfterFirstPage extends Stage {
        @Override
        RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    applyOrFlush(first);
                    lease.extend(start, first.lease());
                }
            };
        }
    }

    private static final class LapseCheckedOnFirstPageOnly extends Stage {
        @Override
        RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                private boolean laterPage;

                @Override
                void applyPages(ChangeFeed feed, Changes first, long start) {
                    laterPage = first.isPartial();
                    super.applyPages(feed, first, start);
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
        StaleLookupGuard staleLookupGuard(CacheCounters counters) {
            return new StaleLookupGuard(time, counters) {
                @Override
                LookupResult refuseStale(LookupResult found, long applied) {
                    return found;
                }
            };
        }
    }

    private static final class TenantsNotEvicted extends Stage {
        @Override
        Changes poll(Changes changes) {
            return Changes.of(
                    changes.through(), changes.head(), changes.lease(), changes.keys(), List.of(), changes.inserted());
        }
    }

    private static final class FillOfImportedTextsIgnoresTheRevision extends Stage {
        @Override
        CachingKeyFinder node(
                StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard staleLookupGuard) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, staleLookupGuard) {
                @Override
                KeyFinder.@Nullable Result fillByText(String text, LookupResult found, long epoch) {
                    return storeKeyFinder.isImported(text)
                            ? cache.put(fingerprints.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    private static final class FillByIdIgnoresTheRevision extends Stage {
        @Override
        CachingKeyFinder node(
                StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard staleLookupGuard) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, staleLookupGuard) {
                @Override
                KeyFinder.@Nullable Result fillById(LookupResult found, long epoch) {
                    return cache.put(null, found);
                }
            };
        }
    }

    private static final class NoFlushAfterALapse extends Stage {
        @Override
        RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
            return new RevisionPoller(store, time, lease, cache, counters) {
                @Override
                boolean hasLapsed() {
                    return false;
                }
            };
        }
    }

    private static final class FillIgnoresTheRevision extends Stage {
        @Override
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                boolean isCurrent(LookupResult found) {
                    return true;
                }
            };
        }
    }

    private static final class FillIgnoresTheEpoch extends Stage {
        @Override
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                void nextEpoch() {
                    // The fault: the epoch does not change.
                }
            };
        }
    }

    private static final class PutThenCheck extends Stage {
        @Override
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                synchronized KeyFinder.@Nullable Result fill(
                        @Nullable Fingerprint fingerprint, LookupResult found, long lookupEpoch) {
                    KeyFinder.Result entry = put(fingerprint, found);
                    runOnce(PutThenCheck.this);
                    if (epoch() == lookupEpoch && isCurrent(found)) {
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
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                synchronized KeyFinder.@Nullable Result fill(
                        @Nullable Fingerprint fingerprint, LookupResult found, long lookupEpoch) {
                    if (epoch() != lookupEpoch || !isCurrent(found)) {
                        return null;
                    }
                    runOnce(CheckThenPut.this);
                    return put(fingerprint, found);
                }
            };
        }
    }

    private static final class EvictedBeforeLogged extends Stage {
        @Override
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                void apply(Changes page) {
                    evict(page.keys());
                    runOnce(EvictedBeforeLogged.this);
                    logChanges(page);
                }
            };
        }
    }

    private static final class EntryBeforeLease extends Stage {
        @Override
        CachingKeyFinder node(
                StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard staleLookupGuard) {
            return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, staleLookupGuard) {
                @Override
                public Result find(@Nullable String text) {
                    @Nullable CachedResult cached = text == null ? null : cache.get(fingerprints.of(text));
                    return cached != null && lease.holds() ? cached : super.find(text);
                }
            };
        }
    }

    /** Without the check for stale lookups, which refuses a joined result: its snapshot is below the applied revision. */
    private static final class JoinedLookups extends NoStaleCheck {
        @Override
        Function<Digest, LookupSnapshot> lookups(KeyStore store) {
            Map<Digest, LookupSnapshot> inProgress = new HashMap<>();
            return digest -> {
                LookupSnapshot joined = inProgress.get(digest);
                if (joined != null) {
                    return joined;
                }
                inProgress.put(digest, database.findByDigest(digest));
                store.findByDigest(digest);
                return Objects.requireNonNull(inProgress.remove(digest));
            };
        }
    }

    /** Neither a row nor an eviction record shows the deletion. */
    private static final class PurgeWithoutRecords extends Stage {
        @Override
        Changes poll(Changes changes) {
            List<KeyId> present = changes.keys().stream()
                    .filter(key ->
                            database.find(Fixture.ADMIN.tenant(), key).key().isPresent())
                    .toList();
            return Changes.of(
                    changes.through(), changes.head(), changes.lease(), present, changes.tenants(), changes.inserted());
        }
    }
}
