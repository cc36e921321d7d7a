package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.core.Fixture;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.cache.Stage.Presented;
import dev.keywright.core.common.MonotonicTime;
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
 * Whatever one is tempted to build instead of the protocol of {@link CachingKeyFinder}: each is built here, and accepts a revoked
 * key in an order of steps in which what was built refuses it.
 */
@Timeout(60)
class PlantedFaultsTest {

    /** Something that is wrong, and where it shows. */
    private record Fault(String name, Supplier<Stage> stage, Interleaving showsIn) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void whatWasBuiltRefusesARevokedKey(Interleaving order, Presented presented) {
        assertThat(order.acceptsWhatIsRevoked(new Stage().about(presented))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faultsByText")
    void whatIsWrongAcceptsARevokedKey(Fault fault, Presented presented) {
        assertThat(fault.showsIn().acceptsWhatIsRevoked(fault.stage().get().about(presented)))
                .isTrue();
    }

    @Test
    void faultOfImportedTextsShowsWithThoseAlone() {
        Interleaving order = Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL;

        assertThat(order.acceptsWhatIsRevoked(new FillOfImportedTextsIgnoresTheRevision().about(Presented.ISSUED_TEXT)))
                .isFalse();
        assertThat(order.acceptsWhatIsRevoked(
                        new FillOfImportedTextsIgnoresTheRevision().about(Presented.IMPORTED_TEXT)))
                .isTrue();
    }

    @Test
    void faultOfFillsByIdShows() {
        Stage stage = new FillByIdIgnoresTheRevision().about(Presented.ID);

        assertThat(Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL.acceptsWhatIsRevoked(stage))
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
    void eachOrderOfStepsShowsAFault() {
        assertThat(faults().map(Fault::showsIn)).contains(Interleaving.values());
    }

    @Test
    void aKeyThatIsNotRevokedIsRemembered() {
        Stage stage = new Stage();

        assertThat(stage.accepts()).isTrue();
        stage.afterLookUp = () -> {
            throw new AssertionError("looked up");
        };
        assertThat(stage.accepts()).isTrue();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("no wait", NoWait::new, Interleaving.REVOKED_WHILE_REMEMBERED),
                new Fault(
                        "no wait when repeated",
                        NoWaitWhenRepeated::new,
                        Interleaving.REVOKED_AGAIN_BECAUSE_THE_FIRST_HAS_DIED_BEFORE_IT_HAD_WAITED),
                new Fault(
                        "lease from after the poll",
                        LeaseFromAfterThePoll::new,
                        Interleaving.REVOKED_BEHIND_A_SLOW_POLL),
                new Fault(
                        "extended before forgetting",
                        ExtendedBeforeForgetting::new,
                        Interleaving.RETURNED_WHILE_THE_LEASE_IS_EXTENDED),
                new Fault(
                        "fill ignores the revision",
                        FillIgnoresTheRevision::new,
                        Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL),
                new Fault(
                        "fill ignores the revision of the tenant",
                        FillIgnoresTheRevision::new,
                        Interleaving.REVOKED_WITH_ITS_TENANT_BETWEEN_LOOK_UP_AND_FILL),
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
                        "lapse looked at with the first page alone",
                        LapseOfTheFirstPage::new,
                        Interleaving.RECORDS_DELETED_BETWEEN_TWO_PAGES),
                new Fault("stale answers", NoStaleCheck::new, Interleaving.LOOKED_UP_ON_A_REPLICA_THAT_LAGS),
                new Fault("put, then check", PutThenCheck::new, Interleaving.RETURNED_BETWEEN_PUT_AND_CHECK),
                new Fault("entry before lease", EntryBeforeLease::new, Interleaving.POLLED_BETWEEN_ENTRY_AND_LEASE),
                new Fault("joined look-ups", JoinedLookUps::new, Interleaving.RETURNED_WHILE_A_LOOK_UP_IS_UNDER_WAY),
                new Fault("purge without records", PurgeWithoutRecords::new, Interleaving.PURGED_BEFORE_IT_WAS_POLLED),
                new Fault(
                        "no flush after a lapse",
                        NoFlushAfterALapse::new,
                        Interleaving.RECORDS_DELETED_WHILE_THE_LEASE_HAS_RUN_OUT));
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
        RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    super.follow(connection, first, by.nanoTime());
                }
            };
        }
    }

    private static final class ExtendedBeforeForgetting extends Stage {
        @Override
        RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    until.extend(begun, first.lease());
                    super.follow(connection, first, begun);
                }
            };
        }
    }

    private static final class ExtendedAfterTheFirstPage extends Stage {
        @Override
        RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
            return new RevisionPoller(of, by, until, what, counted) {
                @Override
                void follow(ChangeFeed connection, Changes first, long begun) {
                    apply(first);
                    until.extend(begun, first.lease());
                }
            };
        }
    }

    private static final class LapseOfTheFirstPage extends Stage {
        @Override
        RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
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
            return new StaleLookupGuard(hand, counted) {
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
        CachingKeyFinder node(StoreKeyFinder lookUp, KeyFingerprints names, StaleLookupGuard stale) {
            return new CachingKeyFinder(lookUp, names, lease, entries, counters, stale) {
                @Override
                @Nullable LookupResult fillByText(String text, LookupResult found, long epoch) {
                    return lookUp.isImported(text)
                            ? entries.put(names.of(text), found)
                            : super.fillByText(text, found, epoch);
                }
            };
        }
    }

    private static final class FillByIdIgnoresTheRevision extends Stage {
        @Override
        CachingKeyFinder node(StoreKeyFinder lookUp, KeyFingerprints names, StaleLookupGuard stale) {
            return new CachingKeyFinder(lookUp, names, lease, entries, counters, stale) {
                @Override
                LookupResult fillById(LookupResult found, long epoch) {
                    return entries.put(null, found);
                }
            };
        }
    }

    private static final class NoFlushAfterALapse extends Stage {
        @Override
        RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
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
        KeyCache entries(int most) {
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
        KeyCache entries(int most) {
            return new KeyCache(most) {
                @Override
                void nextEpoch() {
                    // Forgotten.
                }
            };
        }
    }

    private static final class PutThenCheck extends Stage {
        @Override
        KeyCache entries(int most) {
            return new KeyCache(most) {
                @Override
                public synchronized @Nullable LookupResult fill(
                        @Nullable Fingerprint name, LookupResult found, long since) {
                    LookupResult entry = put(name, found);
                    Runnable happens = afterPut;
                    afterPut = () -> {};
                    happens.run();
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
        CachingKeyFinder node(StoreKeyFinder lookUp, KeyFingerprints names, StaleLookupGuard stale) {
            return new CachingKeyFinder(lookUp, names, lease, entries, counters, stale) {
                @Override
                public LookupResult find(String text) {
                    LookupResult known = entries.get(names.of(text));
                    return known != null && lease.holds() ? known : super.find(text);
                }
            };
        }
    }

    /** The check for stale lookups would refuse a joined one, whose snapshot is older than what its second verification knows. */
    private static final class JoinedLookUps extends NoStaleCheck {
        @Override
        Function<Digest, LookupSnapshot> lookUps(KeyStore of) {
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

    /** Neither the row nor a record tells of what was deleted. */
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
