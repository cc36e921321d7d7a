package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.Threads.inParallel;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class RevokeAllRaces extends ContractPart {

    private static final int CALLS_BEFORE = 40;
    private static final int MAX_WRITES = 2_000;

    private final CountDownLatch callsBefore = new CountDownLatch(CALLS_BEFORE);
    private final CountDownLatch finished = new CountDownLatch(1);

    RevokeAllRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void onlyKeysInsertedBeforeAreRevoked() throws Exception {
        BulkWriteResult result = race(
                this::revokeDuringCalls,
                this::insertBeforeAndAfter,
                this::insertBeforeAndAfter,
                this::insertBeforeAndAfter);

        long revision = result.revision();
        List<StoredKey> all = allOf(NORTH);
        assertThat(all).allSatisfy(key -> {
            boolean before = key.insertRevision() < revision;
            assertThat(key.key().revocation().isPresent()).isEqualTo(before);
            assertThat(key.changeRevision()).isEqualTo(key.insertRevision());
        });
        assertThat(all).filteredOn(key -> key.insertRevision() < revision).hasSize((int) result.changed());
    }

    private void insertBeforeAndAfter() {
        for (int n = 0; finished.getCount() > 0 && n < MAX_WRITES; n++) {
            if (n % 2 == 0) {
                inserted(NORTH);
            } else {
                insertAll(List.of(samples.unsaved(NORTH), samples.unsaved(SOUTH), samples.unsaved(NORTH)));
            }
            callsBefore.countDown();
        }
        inserted(NORTH);
    }

    @Test
    void revokedKeyHasNoActiveSuccessor() throws Exception {
        // Not in the threads: one of them may begin after the revocation.
        List<StoredKey> keys = inserted(NORTH, 3);

        BulkWriteResult result = race(
                this::revokeDuringCalls,
                () -> rotateUntilRefused(keys.get(0)),
                () -> rotateUntilRefused(keys.get(1)),
                () -> rotateUntilRefused(keys.get(2)));

        long revision = result.revision();
        List<StoredKey> all = allOf(NORTH);
        assertThat(all).allSatisfy(key -> {
            assertThat(key.insertRevision()).isLessThan(revision);
            assertThat(key.changeRevision()).isLessThan(revision);
            assertThat(key.key().revocation()).isPresent();
        });
        assertThat(all).filteredOn(RevokeAllRaces::isRevokedWithAll).hasSize((int) result.changed());
    }

    /** Rotates a key, then its successor, and so on, alternately with an overlap and without one. */
    private void rotateUntilRefused(StoredKey first) {
        StoredKey key = first;
        boolean rotated = true;
        for (int n = 0; n < MAX_WRITES && rotated; n++) {
            StoredKey successor = samples.successorOf(key);
            ApiKey.Builder old = StoredValues.keyBuilder(rotatedTo(successor, key));
            if (n % 2 == 0) {
                old.expiresAt(null).revocation(revocation(NOW, "rotated"));
            }
            rotated = store.replace(old.build(), successor, NOW).changed();
            key = successor;
            callsBefore.countDown();
        }
    }

    @Test
    void revokedKeyCannotBeChanged() throws Exception {
        List<StoredKey> keys = inserted(NORTH, 3);

        BulkWriteResult result = race(
                this::revokeDuringCalls,
                () -> changeUntilRefused(keys.get(0)),
                () -> changeUntilRefused(keys.get(1)),
                () -> changeUntilRefused(keys.get(2)));

        assertThat(result.changed()).isEqualTo(3);
        assertThat(allOf(NORTH)).allSatisfy(key -> {
            assertThat(key.key().revocation()).contains(REVOCATION);
            assertThat(key.changeRevision()).isLessThan(result.revision());
        });
    }

    private void changeUntilRefused(StoredKey first) {
        WriteResult last = WriteResult.changed(first, 0, Duration.ZERO);
        for (int n = 0; n < MAX_WRITES && last.changed(); n++) {
            ApiKey key = last.key().orElseThrow().key();
            last = store.change(
                    StoredValues.keyBuilder(key).name(KeyName.of("Name " + n)).build(), NOW);
            callsBefore.countDown();
        }
    }

    @Test
    void revokedKeyIsNeverSeenActiveAgain() throws Exception {
        List<StoredKey> keys = insertedAll(
                Stream.generate(() -> samples.unsaved(NORTH)).limit(700).toList());

        race(this::revokeDuringCalls, () -> lookUpUntilFinished(keys), () -> lookUpUntilFinished(keys));

        assertThat(allOf(NORTH)).allMatch(RevokeAllRaces::isRevokedWithAll);
    }

    /** Looks keys up until the revocation has returned. Once one key is revoked, all are: the write is atomic. */
    private void lookUpUntilFinished(List<StoredKey> keys) {
        boolean revoked = false;
        for (int n = 0; finished.getCount() > 0; n++) {
            StoredKey key = keys.get(n % keys.size());
            boolean now =
                    byDigest(key.digest()).orElseThrow().key().revocation().isPresent();
            assertThat(now || !revoked).isTrue();
            revoked = now;
            callsBefore.countDown();
        }
    }

    private static boolean isRevokedWithAll(StoredKey key) {
        return key.key().revocation().equals(Optional.of(REVOCATION));
    }

    private BulkWriteResult revokeDuringCalls() throws InterruptedException {
        callsBefore.await();
        BulkWriteResult result = store.revokeAll(NORTH, REVOCATION);
        finished.countDown();
        return result;
    }

    @Test
    void concurrentRevocationsCountEachKeyOnce() throws Exception {
        int keys = 50;
        inserted(NORTH, keys);

        List<BulkWriteResult> results = inParallel(8, i -> store.revokeAll(NORTH, revocation(NOW, "by thread " + i)));

        assertThat(results)
                .extracting(BulkWriteResult::changed)
                .containsOnlyOnce((long) keys)
                .containsOnly(0L, (long) keys);
        assertThat(allOf(NORTH))
                .allSatisfy(key -> assertThat(key.key().version()).isEqualTo(2));
    }
}
