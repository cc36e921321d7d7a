package dev.keywright.core;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

class InterleavingsTest {

    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .sequentialSpecification(PromiseKept.class)
                // One step each, and not looked into: what they say is said between two steps of the cache.
                .addGuarantee(forClasses(
                                InMemoryKeyStore.class.getName(),
                                LookUp.class.getName(),
                                TextNames.class.getName(),
                                Promise.class.getName(),
                                CacheCounters.class.getName())
                        .allMethods()
                        .ignore())
                .addGuarantee(
                        forClasses(HandTurnedTime.class.getName()).allMethods().treatAsAtomic());
    }

    @Test
    void aNodeKeepsThePromiseHoweverItsStepsInterleave() {
        long begun = System.nanoTime();
        options().iterations(20).invocationsPerIteration(500).threads(2).actorsBefore(2).actorsPerThread(3).actorsAfter(1).check(InterleavedNode.class);
        System.err.println("TOOK " + (System.nanoTime() - begun) / 1_000_000);
    }
}
