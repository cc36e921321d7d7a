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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Tries how the steps of several threads on the real cache interleave, with Lincheck. It takes reads and writes as if they came in
 * one order; whether the processor keeps them so is for another tool to say.
 *
 * <p>{@code -Dinterleavings=20000} tries so many of each race, and random ones besides.
 */
class InterleavingsTest {

    private static final int FEW = 120;
    private static final int STRESSED = 2;
    private static final int LONGEST_LOOP = 1000;
    private static final int TRIED = Integer.getInteger("interleavings", FEW);

    /** What is wrong, where it shows, and how: each is found among as few as are tried of what is right. */
    static final List<Arguments> WRONG = Stream.concat(
                    Stream.of(
                                    wrong(WrongNodes.NoWait.class, Race.REVOKED_WHILE_CACHED, Promise.REVOKED),
                                    wrong(
                                            WrongNodes.LeaseFromAfterThePoll.class,
                                            Race.REVOKED_DURING_A_SLOW_POLL,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.ExtendedBeforeEviction.class,
                                            Race.REVOKED_WHILE_CACHED,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.EntryBeforeLease.class,
                                            Race.POLLED_AFTER_A_LAPSE,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.FillIgnoresTheRevision.class,
                                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.EvictedBeforeLogged.class,
                                            Race.FILLED_DURING_ITS_EVICTION,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.FillIgnoresTheTenant.class,
                                            Race.FILLED_DURING_THE_EVICTION_OF_ITS_TENANT,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.CheckThenFill.class,
                                            Race.FILLED_DURING_ITS_EVICTION,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.PutThenCheck.class,
                                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                                            Promise.REVOKED),
                                    wrong(
                                            WrongNodes.UnknownForever.class,
                                            Race.INSERTED_WHILE_CACHED_AS_UNKNOWN,
                                            Promise.INSERTED),
                                    wrong(
                                            WrongNodes.LeasedAfterTermination.class,
                                            Race.CLOSED_DURING_A_POLL,
                                            Promise.CLOSED),
                                    wrong(WrongNodes.TooMuchRoom.class, Race.CROWDED, InterleavedNode.CROWDED),
                                    wrong(WrongNodes.LeaseIgnored.class, Race.OUT_OF_LEASE, Promise.OUT_OF_LEASE))
                            .flatMap(InterleavingsTest::withImported),
                    Stream.of(wrong(
                            WrongNodes.FillOfImportedTextsIgnoresTheRevision.class,
                            Race.FILLED_AFTER_IT_WAS_REVOKED,
                            true,
                            Promise.REVOKED)))
            .toList();

    @Test
    void whatWasBuiltKeepsThePromiseHoweverItsStepsInterleave() {
        ModelCheckingOptions all = options().iterations(TRIED > FEW ? 100 : 0);
        for (Race race : Race.values()) {
            all.addCustomScenario(race.scenario(false));
            if (race.isAboutFills()) {
                all.addCustomScenario(race.scenario(true));
            }
        }
        all.check(InterleavedNode.class);
    }

    /** As the processor and the compiler have it; of the interleavings, those that happen to come. */
    @Test
    void whatWasBuiltKeepsThePromiseOnRealThreads() {
        StressOptions all = new StressOptions()
                .iterations(0)
                .invocationsPerIteration(TRIED * STRESSED)
                .sequentialSpecification(RevocationPromiseTest.class);
        for (Race race : Race.values()) {
            all.addCustomScenario(race.scenario(false));
            if (race.isAboutFills()) {
                all.addCustomScenario(race.scenario(true));
            }
        }
        all.check(InterleavedNode.class);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("WRONG")
    void whatIsWrongBreaksItInAnInterleavingThatIsFound(
            @SuppressWarnings("unused") String name,
            Class<? extends InterleavedNode> wrong,
            Race race,
            boolean imported,
            String how) {
        ModelCheckingOptions one = options().iterations(0).addCustomScenario(race.scenario(imported));

        assertThatThrownBy(() -> one.check(wrong))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(how);
    }

    @Test
    void faultOfImportedTextsIsNotFoundAmongIssuedOnes() {
        options()
                .iterations(0)
                .addCustomScenario(Race.FILLED_AFTER_IT_WAS_REVOKED.scenario(false))
                .check(WrongNodes.FillOfImportedTextsIgnoresTheRevision.class);
    }

    /** What is about fills shows with both kinds of texts, but for one that is wrong for imported ones alone. */
    private static Arguments wrong(Class<? extends InterleavedNode> node, Race race, String how) {
        return wrong(node, race, false, how);
    }

    private static Arguments wrong(Class<? extends InterleavedNode> node, Race race, boolean imported, String how) {
        return Arguments.of(node.getSimpleName() + (imported ? ", imported" : ""), node, race, imported, how);
    }

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
                .invocationsPerIteration(TRIED)
                .minimizeFailedScenario(false)
                // To clear a table takes more rounds than what is otherwise taken for waiting, and made to give way.
                .loopIterationsBeforeThreadSwitch(LONGEST_LOOP)
                .sequentialSpecification(RevocationPromiseTest.class)
                // One step each, and not looked into: what they say is said between two steps of the cache.
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
