package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.TextNames.Name;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever one is tempted to build instead of the protocol of {@link CoherentLookUp}: each is built here, and accepts a revoked
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
    @EnumSource
    void whatWasBuiltRefusesARevokedKeyInEachOrderOfSteps(Interleaving order) {
        assertThat(order.acceptsWhatIsRevoked(new Stage())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsWrongAcceptsARevokedKey(Fault fault) {
        assertThat(fault.showsIn().acceptsWhatIsRevoked(fault.stage().get())).isTrue();
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
                        "fill ignores the generation",
                        FillIgnoresTheGeneration::new,
                        Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL),
                new Fault(
                        "generation not raised",
                        GenerationNotRaised::new,
                        Interleaving.REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL),
                new Fault("put, then check", PutThenCheck::new, Interleaving.RETURNED_BETWEEN_PUT_AND_CHECK),
                new Fault("entry before lease", EntryBeforeLease::new, Interleaving.POLLED_BETWEEN_ENTRY_AND_LEASE),
                new Fault("joined look-ups", JoinedLookUps::new, Interleaving.RETURNED_WHILE_A_LOOK_UP_IS_UNDER_WAY),
                new Fault("purge without the floor", PurgeWithoutFloor::new, Interleaving.PURGED_BEFORE_IT_WAS_POLLED),
                new Fault(
                        "no flush after a lapse",
                        NoFlushAfterALapse::new,
                        Interleaving.REVOKED_AFTER_A_FAIL_OVER_THAT_LOST_A_COMMIT));
    }

    private static final class NoWait extends Stage {
        @Override
        Written written(Written answer) {
            return new Written(answer.key(), answer.changed(), answer.revision(), Duration.ZERO);
        }
    }

    private static final class NoWaitWhenRepeated extends Stage {
        @Override
        Written written(Written answer) {
            return answer.changed() ? answer : new Written(answer.key(), false, answer.revision(), Duration.ZERO);
        }
    }

    private static final class LeaseFromAfterThePoll extends Stage {
        @Override
        Heart heart(KeyStore of, MonotonicTime by, Lease until, Entries what, CacheCounters counted) {
            return new Heart(of, by, until, what, counted) {
                @Override
                void follow(Poll poll, long begun) {
                    super.follow(poll, by.nanoTime());
                }
            };
        }
    }

    private static final class ExtendedBeforeForgetting extends Stage {
        @Override
        Heart heart(KeyStore of, MonotonicTime by, Lease until, Entries what, CacheCounters counted) {
            return new Heart(of, by, until, what, counted) {
                @Override
                void follow(Poll poll, long begun) {
                    until.extend(begun, poll.lease());
                    apply(poll);
                }
            };
        }
    }

    private static final class NoFlushAfterALapse extends Stage {
        @Override
        Heart heart(KeyStore of, MonotonicTime by, Lease until, Entries what, CacheCounters counted) {
            return new Heart(of, by, until, what, counted) {
                @Override
                boolean hasLapsed() {
                    return false;
                }
            };
        }
    }

    private static final class FillIgnoresTheGeneration extends Stage {
        @Override
        Entries entries(int most) {
            return new Entries(most) {
                @Override
                synchronized @Nullable Found fill(Name name, Found found, long since) {
                    return put(name, found);
                }
            };
        }
    }

    private static final class GenerationNotRaised extends Stage {
        @Override
        Entries entries(int most) {
            return new Entries(most) {
                @Override
                void nextGeneration() {
                    // Forgotten.
                }
            };
        }
    }

    private static final class PutThenCheck extends Stage {
        @Override
        Entries entries(int most) {
            return new Entries(most) {
                @Override
                synchronized @Nullable Found fill(Name name, Found found, long since) {
                    Found entry = put(name, found);
                    Runnable happens = afterPut;
                    afterPut = () -> {};
                    happens.run();
                    if (generation() == since) {
                        return entry;
                    }
                    forget(List.of(Objects.requireNonNull(found.key()).id()), false);
                    return null;
                }
            };
        }
    }

    private static final class EntryBeforeLease extends Stage {
        @Override
        CoherentLookUp node(LookUp lookUp, TextNames names, Lease until, Entries what, CacheCounters counted) {
            return new CoherentLookUp(lookUp, names, until, what, counted) {
                @Override
                public Found find(String text) {
                    Found known = what.get(names.of(text));
                    return known != null && until.holds() ? known : super.find(text);
                }
            };
        }
    }

    private static final class JoinedLookUps extends Stage {
        @Override
        Function<Digest, Optional<StoredKey>> lookUps(KeyStore of) {
            Map<Digest, Optional<StoredKey>> underWay = new HashMap<>();
            return digest -> {
                Optional<StoredKey> joined = underWay.get(digest);
                if (joined != null) {
                    return joined;
                }
                underWay.put(digest, database.findByDigest(digest));
                of.findByDigest(digest);
                return Objects.requireNonNull(underWay.remove(digest));
            };
        }
    }

    private static final class PurgeWithoutFloor extends Stage {
        @Override
        Poll poll(Poll answer) {
            return new Poll(answer.revision(), 0, answer.lease(), answer.changed());
        }
    }
}
