package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import dev.keywright.testkit.FaultyKeyStore.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyKeyStoreTest {

    private final SampleKeys samples = new SampleKeys();
    private final KeyStore real = new InMemoryKeyStore();
    private final FaultyKeyStore store = FaultyKeyStore.wrapping(real);

    @Nested
    class WithoutFaults extends KeyStoreContract {

        @Override
        protected KeyStore newStore() {
            return FaultyKeyStore.wrapping(new InMemoryKeyStore());
        }
    }

    @Test
    void nextCallFailsBeforeTheStoreIsCalled() {
        StoredKey key = samples.unsaved(NORTH);
        store.onNextCall(Fault.UNAVAILABLE);

        assertThatThrownBy(() -> insert(key)).isInstanceOf(StoreUnavailableException.class);

        assertThat(real.findByDigest(key.digest()).key()).isEmpty();
        assertThat(insert(key).changed()).isTrue();
    }

    @Test
    void writeFaultDoesNotApplyToLookups() {
        StoredKey key = inserted();
        store.onNextWrite(Fault.UNAVAILABLE);

        assertThat(store.find(NORTH, key.key().id()).key()).isPresent();
        assertThatThrownBy(() -> revoke(key)).isInstanceOf(StoreUnavailableException.class);
        assertThat(revoke(key).changed()).isTrue();
    }

    @Test
    void everyCallFailsUntilHealed() {
        StoredKey key = inserted();
        store.untilHealed(Fault.UNAVAILABLE);

        assertThat(lookups(key))
                .allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(StoreUnavailableException.class));
        assertThat(writes(key))
                .allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(StoreUnavailableException.class));

        store.heal();
        assertThat(store.findByDigest(key.digest()).key()).contains(key);
    }

    @Test
    void answerLostRunsTheWrite() {
        StoredKey key = inserted();
        store.onNextCall(Fault.ANSWER_LOST);

        assertThat(store.findByDigest(key.digest()).key()).isPresent();
        assertThatThrownBy(() -> revoke(key))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        unknown -> assertThat(unknown.id()).contains(key.key().id()));

        assertThat(real.findByDigest(key.digest()).key().orElseThrow().key().revocation())
                .contains(REVOCATION);
        assertThat(revoke(key).changed()).isFalse();
    }

    @Test
    void commitLostDoesNotRunTheWrite() {
        StoredKey key = inserted();
        store.onNextCall(Fault.COMMIT_LOST);

        assertThat(store.findByDigest(key.digest()).key()).isPresent();
        assertThatThrownBy(() -> revoke(key))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        unknown -> assertThat(unknown.id()).contains(key.key().id()));

        assertThat(real.findByDigest(key.digest()).key()).contains(key);
        assertThat(revoke(key).changed()).isTrue();
    }

    @Test
    void commitLostAppliesToEveryWriteUntilHealed() {
        StoredKey key = inserted();
        store.untilHealed(Fault.COMMIT_LOST);

        assertThat(writes(key))
                .allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(OutcomeUnknownException.class));
        assertThat(store.list(KeySelection.of(NORTH, KeyQuery.all(), NOW, 10))).containsExactly(key);
        assertThat(store.countByOrigin(NOW)).hasSize(1);

        store.heal();
        assertThat(revoke(key).changed()).isTrue();
    }

    @Test
    void unknownOutcomeNamesTheKeyOrSuccessor() {
        StoredKey key = inserted();
        StoredKey successor = samples.successorOf(key);
        store.untilHealed(Fault.COMMIT_LOST);

        assertThat(idOfUnknownOutcome(() -> insert(successor)))
                .contains(successor.key().id());
        assertThat(idOfUnknownOutcome(() -> store.change(key.key(), NOW)))
                .contains(key.key().id());
        assertThat(idOfUnknownOutcome(() -> store.replace(key.key(), successor, NOW)))
                .contains(successor.key().id());
        assertThat(idOfUnknownOutcome(() -> store.suspend(NORTH, key.key().id(), SUSPENSION, NOW)))
                .contains(key.key().id());
        assertThat(idOfUnknownOutcome(() -> store.resume(NORTH, key.key().id(), NOW)))
                .contains(key.key().id());
        assertThat(idOfUnknownOutcome(() -> store.revokeAll(NORTH, REVOCATION))).isEmpty();
    }

    @Test
    void singleFaultsComeFirstInOrderOfInjection() {
        StoredKey key = inserted();
        store.untilHealed(Fault.UNAVAILABLE);
        store.onNextWrite(Fault.COMMIT_LOST);
        store.onNextCall(Fault.ANSWER_LOST);

        assertThatThrownBy(() -> revoke(key)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(real.findByDigest(key.digest()).key()).contains(key);
        assertThatThrownBy(() -> revoke(key)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(real.findByDigest(key.digest()).key()).isNotEqualTo(Optional.of(key));
        assertThatThrownBy(() -> revoke(key)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void healRemovesPendingFaults() {
        store.onNextCall(Fault.UNAVAILABLE);
        store.onNextWrite(Fault.STALL);

        store.heal();

        assertThat(insert(samples.unsaved(NORTH)).changed()).isTrue();
    }

    @Test
    void stalledWriteBlocksUntilHealedAndLookupsPass() throws Exception {
        StoredKey key = inserted();
        store.onNextWrite(Fault.STALL);
        CompletableFuture<Boolean> stalled =
                CompletableFuture.supplyAsync(() -> revoke(key).changed());

        store.awaitStalled();

        assertThat(stalled).isNotDone();
        assertThat(store.findByDigest(key.digest()).key()).contains(key);
        store.heal();
        assertThat(stalled.get()).isTrue();
    }

    @Test
    void everyCallStallsUntilHealed() throws Exception {
        store.untilHealed(Fault.STALL);
        List<CompletableFuture<Boolean>> stalled = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> insert(samples.unsaved(NORTH)).changed()))
                .limit(3)
                .toList();

        store.awaitStalled();

        assertThat(real.countByOrigin(NOW)).isEmpty();
        store.heal();
        for (CompletableFuture<Boolean> call : stalled) {
            assertThat(call.get()).isTrue();
        }
    }

    @Test
    void healEndsTheStall() throws Exception {
        store.onNextCall(Fault.STALL);
        CompletableFuture<?> first = CompletableFuture.runAsync(() -> store.countByOrigin(NOW));
        store.awaitStalled();
        store.heal();

        // An interrupt makes the method throw only if it waits.
        Thread.currentThread().interrupt();

        assertThatThrownBy(store::awaitStalled).isInstanceOf(InterruptedException.class);
        first.get();
    }

    @Test
    void interruptedStallFailsAndKeepsInterruptStatus() throws Exception {
        StoredKey key = inserted();
        store.onNextCall(Fault.STALL);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            assertThatThrownBy(() -> revoke(key)).isInstanceOf(StoreUnavailableException.class);
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        store.awaitStalled();

        caller.interrupt();

        assertThat(interrupted.get()).isTrue();
        assertThat(real.findByDigest(key.digest()).key()).contains(key);
    }

    private StoredKey inserted() {
        return insert(samples.unsaved(NORTH)).key().orElseThrow();
    }

    private WriteResult insert(StoredKey key) {
        return store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);
    }

    private WriteResult revoke(StoredKey key) {
        return store.revoke(NORTH, key.key().id(), REVOCATION);
    }

    private static Optional<KeyId> idOfUnknownOutcome(ThrowingCallable write) {
        try {
            write.call();
        } catch (OutcomeUnknownException unknown) {
            return unknown.id();
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
        throw new AssertionError("the outcome is known");
    }

    private List<ThrowingCallable> lookups(StoredKey key) {
        return List.of(
                () -> store.findByDigest(key.digest()),
                () -> store.find(NORTH, key.key().id()),
                () -> store.list(KeySelection.of(NORTH, KeyQuery.all(), NOW, 10)),
                () -> store.countByOrigin(NOW),
                () -> store.originsInUse(NOW));
    }

    private List<ThrowingCallable> writes(StoredKey key) {
        StoredKey successor = samples.successorOf(key);
        return List.of(
                () -> insert(samples.unsaved(NORTH)),
                () -> store.insertAll(List.of(new ImportCandidate(samples.unsaved(NORTH), List.of()))),
                () -> store.change(key.key(), NOW),
                () -> store.replace(key.key(), successor, NOW),
                () -> revoke(key),
                () -> store.revokeAll(NORTH, REVOCATION),
                () -> store.suspend(NORTH, key.key().id(), SUSPENSION, NOW),
                () -> store.resume(NORTH, key.key().id(), NOW),
                () -> store.revokeCreatedBy(NORTH, SampleKeys.ADA, REVOCATION, 10),
                () -> store.revokeOwnedBy(NORTH, SampleKeys.PAYROLL, REVOCATION, 10),
                () -> store.purge(NOW, 10),
                () -> store.purgeTenant(NORTH, 10),
                () -> store.forgetEvictions(1),
                () -> store.usageStore().orElseThrow().recordUsage(List.of(delta(key))),
                () -> store.usageStore().orElseThrow().claimExpiring(NOW, Duration.ofSeconds(1), 10));
    }
}
