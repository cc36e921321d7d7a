package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.Threads.atOnce;
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

    private static final int WRITES_BEFORE = 40;
    private static final int MOST_WRITES = 2_000;

    private final CountDownLatch amidst = new CountDownLatch(WRITES_BEFORE);
    private final CountDownLatch over = new CountDownLatch(1);

    RevokeAllRaces(Supplier<KeyStore> made) {
        super(made);
    }

    @Test
    void killsWhatWasInsertedBeforeAndNothingThatComesAfter() throws Exception {
        BulkWriteResult written = race(
                this::revokeAmidst, this::insertBeforeAndAfter, this::insertBeforeAndAfter, this::insertBeforeAndAfter);

        long revision = written.revision();
        List<StoredKey> all = allOf(NORTH);
        assertThat(all).allSatisfy(key -> {
            boolean before = key.insertRevision() < revision;
            assertThat(key.key().revocation().isPresent()).isEqualTo(before);
            assertThat(key.changeRevision()).isEqualTo(key.insertRevision());
        });
        assertThat(all).filteredOn(key -> key.insertRevision() < revision).hasSize((int) written.changed());
    }

    private void insertBeforeAndAfter() {
        for (int n = 0; over.getCount() > 0 && n < MOST_WRITES; n++) {
            if (n % 2 == 0) {
                inserted(NORTH);
            } else {
                insertAll(List.of(samples.unsaved(NORTH), samples.unsaved(SOUTH), samples.unsaved(NORTH)));
            }
            amidst.countDown();
        }
        inserted(NORTH);
    }

    @Test
    void revokedKeyHasNoActiveSuccessor() throws Exception {
        // Before, not in the threads: one of these may begin when all is over.
        List<StoredKey> keys = inserted(NORTH, 3);

        BulkWriteResult written = race(
                this::revokeAmidst,
                () -> rotateUntilRefused(keys.get(0)),
                () -> rotateUntilRefused(keys.get(1)),
                () -> rotateUntilRefused(keys.get(2)));

        long revision = written.revision();
        List<StoredKey> all = allOf(NORTH);
        assertThat(all).allSatisfy(key -> {
            assertThat(key.insertRevision()).isLessThan(revision);
            assertThat(key.changeRevision()).isLessThan(revision);
            assertThat(key.key().revocation()).isPresent();
        });
        assertThat(all).filteredOn(RevokeAllRaces::isRevokedWithAll).hasSize((int) written.changed());
    }

    /** Rotates a key, and then what it was rotated to, and so on: now with an overlap, now without one. */
    private void rotateUntilRefused(StoredKey first) {
        StoredKey key = first;
        boolean rotated = true;
        for (int n = 0; n < MOST_WRITES && rotated; n++) {
            StoredKey successor = samples.successorOf(key);
            ApiKey.Builder old = StoredValues.keyBuilder(rotatedTo(successor, key));
            if (n % 2 == 0) {
                old.expiresAt(null).revocation(revocation(NOW, "rotated"));
            }
            rotated = store.replace(old.build(), successor, NOW).changed();
            key = successor;
            amidst.countDown();
        }
    }

    @Test
    void refusesEveryChangeOfAKeyThatItHasRevoked() throws Exception {
        List<StoredKey> keys = inserted(NORTH, 3);

        BulkWriteResult written = race(
                this::revokeAmidst,
                () -> changeUntilRefused(keys.get(0)),
                () -> changeUntilRefused(keys.get(1)),
                () -> changeUntilRefused(keys.get(2)));

        assertThat(written.changed()).isEqualTo(3);
        assertThat(allOf(NORTH)).allSatisfy(key -> {
            assertThat(key.key().revocation()).contains(REVOCATION);
            assertThat(key.changeRevision()).isLessThan(written.revision());
        });
    }

    private void changeUntilRefused(StoredKey first) {
        WriteResult last = WriteResult.changed(first, 0, Duration.ZERO);
        for (int n = 0; n < MOST_WRITES && last.changed(); n++) {
            ApiKey key = last.key().orElseThrow().key();
            last = store.change(
                    StoredValues.keyBuilder(key).name(KeyName.of("Name " + n)).build(), NOW);
            amidst.countDown();
        }
    }

    @Test
    void revokedKeyIsNeverSeenActiveAgain() throws Exception {
        List<StoredKey> keys = insertedAll(
                Stream.generate(() -> samples.unsaved(NORTH)).limit(700).toList());

        race(this::revokeAmidst, () -> lookUpUntilOver(keys), () -> lookUpUntilOver(keys));

        assertThat(allOf(NORTH)).allMatch(RevokeAllRaces::isRevokedWithAll);
    }

    /** Once one key is revoked all are: the write takes effect as one. */
    private void lookUpUntilOver(List<StoredKey> keys) {
        boolean revoked = false;
        for (int n = 0; over.getCount() > 0; n++) {
            StoredKey key = keys.get(n % keys.size());
            boolean now =
                    byDigest(key.digest()).orElseThrow().key().revocation().isPresent();
            assertThat(now || !revoked).isTrue();
            revoked = now;
            amidst.countDown();
        }
    }

    private static boolean isRevokedWithAll(StoredKey key) {
        return key.key().revocation().equals(Optional.of(REVOCATION));
    }

    private BulkWriteResult revokeAmidst() throws InterruptedException {
        amidst.await();
        BulkWriteResult written = store.revokeAll(NORTH, REVOCATION);
        over.countDown();
        return written;
    }

    @Test
    void revokesEachKeyOnceHoweverManyDoIt() throws Exception {
        int keys = 50;
        inserted(NORTH, keys);

        List<BulkWriteResult> answers = atOnce(8, i -> store.revokeAll(NORTH, revocation(NOW, "by thread " + i)));

        assertThat(answers)
                .extracting(BulkWriteResult::changed)
                .containsOnlyOnce((long) keys)
                .containsOnly(0L, (long) keys);
        assertThat(allOf(NORTH))
                .allSatisfy(key -> assertThat(key.key().version()).isEqualTo(2));
    }
}
