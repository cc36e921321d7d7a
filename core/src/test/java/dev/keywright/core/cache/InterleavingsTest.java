package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.ManualTime;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.core.usage.UsageCounter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Runs the races of {@link Race} on the real cache with Lincheck: a node as built must keep the promise in each interleaving, and each
 * node of {@link WrongNodes} must break it in one. Lincheck assumes sequentially consistent memory; the histories of the stress tests
 * cover the memory model.
 *
 * <p>A default build orders the steps of the same faults by hand ({@link PlantedFaultsTest}); {@code -Plong} searches for them here.
 * {@code -Dinterleavings=20000} runs that many interleavings of each race, and of random scenarios besides.
 */
@Tag("long")
class InterleavingsTest {

    private static final int DEFAULT_INTERLEAVINGS = 120;
    private static final int INTERLEAVINGS = Integer.getInteger("interleavings", DEFAULT_INTERLEAVINGS);
    private static final int STRESS_RUNS = 2 * INTERLEAVINGS;
    private static final int RANDOM_SCENARIOS = 100;
    private static final int MAX_LOOP = 1000;

    /** Each fault, a race in which it breaks the promise, and the message. The default number of interleavings finds them all. */
    static final List<Arguments> FAULTS = Stream.concat(
                    Stream.of(
                                    fault(WrongNodes.NoWait.class, Race.REVOKED_WHILE_CACHED, Promise.REVOKED),
                                    fault(
                                            WrongNodes.LeaseFromAfterThePoll.class,
                                            Race.REVOKED_DURING_A_SLOW_POLL,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.LeaseExtendedBeforeEviction.class,
                                            Race.REVOKED_WHILE_CACHED,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.EntryBeforeLease.class,
                                            Race.POLLED_AFTER_A_LAPSE,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.FillIgnoresTheRevision.class,
                                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.EvictedBeforeLogged.class,
                                            Race.FILLED_DURING_ITS_EVICTION,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.FillIgnoresTheTenant.class,
                                            Race.FILLED_DURING_THE_EVICTION_OF_ITS_TENANT,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.CheckThenFill.class,
                                            Race.FILLED_DURING_ITS_EVICTION,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.PutThenCheck.class,
                                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                                            Promise.REVOKED),
                                    fault(
                                            WrongNodes.UnknownForever.class,
                                            Race.INSERTED_WHILE_CACHED_AS_UNKNOWN,
                                            Promise.INSERTED),
                                    fault(WrongNodes.LeasedAfterClose.class, Race.CLOSED_DURING_A_POLL, Promise.CLOSED),
                                    fault(
                                            WrongNodes.LimitExceeded.class,
                                            Race.CACHE_FULL,
                                            InterleavedNode.LIMIT_EXCEEDED),
                                    fault(WrongNodes.LeaseNotChecked.class, Race.OUT_OF_LEASE, Promise.OUT_OF_LEASE))
                            .flatMap(InterleavingsTest::withImported),
                    Stream.of(fault(
                            WrongNodes.FillOfImportedTextsIgnoresTheRevision.class,
                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                            true,
                            Promise.REVOKED)))
            .toList();

    @Test
    void promiseHoldsInEachInterleaving() {
        ModelCheckingOptions options =
                options().iterations(INTERLEAVINGS > DEFAULT_INTERLEAVINGS ? RANDOM_SCENARIOS : 0);
        for (Race race : Race.values()) {
            options.addCustomScenario(race.scenario(false));
            if (race.isAboutFills()) {
                options.addCustomScenario(race.scenario(true));
            }
        }
        options.check(InterleavedNode.class);
    }

    /** With the reorderings of the processor and the compiler, in the interleavings that happen to occur. */
    @Test
    void promiseHoldsOnRealThreads() {
        StressOptions options = new StressOptions()
                .iterations(0)
                .invocationsPerIteration(STRESS_RUNS)
                .sequentialSpecification(RevocationPromiseTest.class);
        for (Race race : Race.values()) {
            options.addCustomScenario(race.scenario(false));
            if (race.isAboutFills()) {
                options.addCustomScenario(race.scenario(true));
            }
        }
        options.check(InterleavedNode.class);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FAULTS")
    void plantedFaultIsFound(
            @SuppressWarnings("unused") String name,
            Class<? extends InterleavedNode> faulty,
            Race race,
            boolean imported,
            String message) {
        ModelCheckingOptions one = options().iterations(0).addCustomScenario(race.scenario(imported));

        assertThatThrownBy(() -> one.check(faulty))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(message);
    }

    private static Arguments fault(Class<? extends InterleavedNode> node, Race race, String message) {
        return fault(node, race, false, message);
    }

    private static Arguments fault(Class<? extends InterleavedNode> node, Race race, boolean imported, String message) {
        return Arguments.of(node.getSimpleName() + (imported ? ", imported" : ""), node, race, imported, message);
    }

    /** Faults of fills must be found for imported keys too. */
    private static Stream<Arguments> withImported(Arguments issued) {
        Object[] all = issued.get();
        if (!((Race) all[2]).isAboutFills()) {
            return Stream.of(issued);
        }
        Object[] imported = all.clone();
        imported[0] += ", imported";
        imported[3] = true;
        return Stream.of(issued, Arguments.of(imported));
    }

    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .invocationsPerIteration(INTERLEAVINGS)
                .minimizeFailedScenario(false)
                // Clearing a table takes more iterations than Lincheck allows before it assumes a spin loop.
                .loopIterationsBeforeThreadSwitch(MAX_LOOP)
                .sequentialSpecification(RevocationPromiseTest.class)
                // Atomic, and not instrumented: the cache calls them under its lock or between two steps.
                .addGuarantee(forClasses(
                                InMemoryKeyStore.class.getName(),
                                StoreKeyFinder.class.getName(),
                                KeyFingerprints.class.getName(),
                                Promise.class.getName(),
                                EvictionLog.class.getName(),
                                TenantEntries.class.getName(),
                                UsageCounter.class.getName(),
                                LookupResult.class.getName(),
                                StaleLookupGuard.class.getName(),
                                HashMap.class.getName(),
                                ArrayList.class.getName(),
                                ArrayDeque.class.getName(),
                                CacheCounters.class.getName())
                        .allMethods()
                        .ignore())
                .addGuarantee(
                        forClasses(ManualTime.class.getName()).allMethods().treatAsAtomic());
    }
}
