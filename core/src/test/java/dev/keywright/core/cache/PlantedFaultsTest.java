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
 * Plausible faults in the protocol of {@link CachingKeyFinder}: each is planted, and accepts a revoked key in an order of steps in which
 * the real implementation rejects it.
 */
@Timeout(60)
class PlantedFaultsTest {

    /** Planted fault, and the order of steps that reveals it. */
    private record Fault(String name, Supplier<Stage> stage, Interleaving revealedBy) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void implementationRejectsARevokedKey(Interleaving order, Presented presented) {
        assertThat(order.acceptsARevokedKey(new Stage().about(presented))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faultsByText")
    void plantedFaultAcceptsARevokedKey(Fault fault, Presented presented) {
        assertThat(fault.revealedBy().acceptsARevokedKey(fault.stage().get().about(presented)))
                .isTrue();
    }

    @Test
    void faultOfImportedTextsAffectsOnlyThem() {
        Interleaving order = Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL;

        assertThat(order.acceptsARevokedKey(new FillOfImportedTextsIgnoresTheRevision().about(Presented.ISSUED_TEXT)))
                .isFalse();
        assertThat(order.acceptsARevokedKey(new FillOfImportedTextsIgnoresTheRevision().about(Presented.IMPORTED_TEXT)))
                .isTrue();
    }

    @Test
    void faultOfFillsByIdIsRevealed() {
        Stage stage = new FillByIdIgnoresTheRevision().about(Presented.ID);

        assertThat(Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL.acceptsARevokedKey(stage))
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
    void eachOrderOfStepsRevealsAFault() {
        assertThat(faults().map(Fault::revealedBy)).contains(Interleaving.values());
    }

    @Test
    void activeKeyIsCached() {
        Stage stage = new Stage();

        assertThat(stage.accepts()).isTrue();
        stage.afterLookup = () -> {
            throw new AssertionError("looked up");
        };
        assertThat(stage.accepts()).isTrue();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("no wait", NoWait::new, Interleaving.REVOKED_WHILE_CACHED),
                new Fault(
                        "no wait when repeated",
                        NoWaitWhenRepeated::new,
                        Interleaving.REVOKED_AGAIN_AFTER_FIRST_WRITER_DIED),
                new Fault(
                        "lease from after the poll",
                        LeaseFromAfterThePoll::new,
                        Interleaving.REVOKED_DURING_A_SLOW_POLL),
                new Fault(
                        "lease extended before eviction",
                        ExtendedBeforeEviction::new,
                        Interleaving.RETURNED_WHILE_THE_LEASE_IS_EXTENDED),
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
                        ExtendedAfterTheFirstPage::new,
                        Interleaving.REVOKED_ON_THE_SECOND_PAGE),
                new Fault(
                        "lapse checked for the first page only",
                        LapseOfTheFirstPage::new,
                        Interleaving.RECORDS_DELETED_BETWEEN_TWO_PAGES),
                new Fault("stale answers", NoStaleCheck::new, Interleaving.LOOKED_UP_ON_A_LAGGING_REPLICA),
                new Fault("put, then check", PutThenCheck::new, Interleaving.RETURNED_BETWEEN_PUT_AND_CHECK),
                new Fault("entry before lease", EntryBeforeLease::new, Interleaving.POLLED_BETWEEN_ENTRY_AND_LEASE),
                new Fault("joined lookups", JoinedLookups::new, Interleaving.RETURNED_DURING_A_LOOKUP),
                new Fault("purge without records", PurgeWithoutRecords::new, Interleaving.PURGED_BEFORE_IT_WAS_POLLED),
                new Fault(
                        "no flush after a lapse", NoFlushAfterALapse::new, Interleaving.RECORDS_DELETED_AFTER_A_LAPSE));
    }

    private static final class NoWait extends Stage {
        @Override
        WriteResult written(WriteResult answer) {
            return new WriteResult(answer.key(), answer.changed(), answer.revision(), Duration.ZERO);
        }
    }

    private static final class NoWaitWhenRepeated extends Stage {
        @Override
        WriteResult written(WriteResult answer) {
            return answer.changed() ? answer : new WriteResult(answer.key(), false, answer.revision(), Duration.ZERO);
        }
    }

    private static final class LeaseFromAfterThePoll extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    super.follow(connection, first, by.nanoTime());
                }
            };
        }
    }

    private static final class ExtendedBeforeEviction extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    until.extend(start, first.lease());
                    super.follow(connection, first, start);
                }
            };
        }
    }

    private static final class ExtendedAfterTheFirstPage extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    apply(first);
                    until.extend(start, first.lease());
                }
            };
        }
    }

    private static final class LapseOfTheFirstPage extends Stage {
        @Override
        RevisionPoller poller(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                private boolean laterPage;

                @Override
                void follow(ChangeFeed connection, Changes first, long start) {
                    laterPage = first.isPartial();
                    super.follow(connection, first, start);
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
            return new Changes(
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
                    // The fault.
                }
            };
        }
    }

    private static final class PutThenCheck extends Stage {
        @Override
        KeyCache cache(int maxKeys) {
            return new KeyCache(maxKeys) {
                @Override
                synchronized KeyFinder.@Nullable Answer fill(
                        @Nullable Fingerprint name, LookupResult found, long since) {
                    KeyFinder.Answer entry = put(name, found);
                    Runnable hook = afterPut;
                    afterPut = () -> {};
                    hook.run();
                    if (epoch() == since && isCurrent(found)) {
                        return entry;
                    }
                    evict(List.of(found.id()));
                    return null;
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

    /** Without the check for stale lookups, which would refuse a joined one. */
    private static final class JoinedLookups extends NoStaleCheck {
        @Override
        Function<Digest, LookupSnapshot> lookups(KeyStore of) {
            Map<Digest, LookupSnapshot> pending = new HashMap<>();
            return digest -> {
                LookupSnapshot joined = pending.get(digest);
                if (joined != null) {
                    return joined;
                }
                pending.put(digest, database.findByDigest(digest));
                of.findByDigest(digest);
                return Objects.requireNonNull(pending.remove(digest));
            };
        }
    }

    /** The poll contains no records of the keys that were deleted. */
    private static final class PurgeWithoutRecords extends Stage {
        @Override
        Changes poll(Changes answer) {
            List<KeyId> there = answer.keys().stream()
                    .filter(key ->
                            database.find(Fixture.ADMIN.tenant(), key).key().isPresent())
                    .toList();
            return new Changes(
                    answer.through(), answer.head(), answer.lease(), there, answer.tenants(), answer.inserted());
        }
    }
}
