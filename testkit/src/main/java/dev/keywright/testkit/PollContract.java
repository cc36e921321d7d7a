package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.SampleKeys.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailable;
import dev.keywright.spi.Heartbeat;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class PollContract extends ContractPart {

    private static final Duration LEASE = Duration.ofMillis(40);

    private Heartbeat heartbeat;

    PollContract(Supplier<KeyStore> made) {
        super(made);
    }

    @BeforeEach
    final void begin() {
        heartbeat = store.beginCaching(LEASE);
    }

    @AfterEach
    final void end() {
        heartbeat.close();
    }

    @Test
    void tellsEachWriteWhatToWaitForOnceSomebodyCaches() {
        StoredKey key = inserted(NORTH);

        assertThat(List.of(
                        store.insert(samples.unsaved(NORTH), KeyStore.UNLIMITED, NOW)
                                .lease(),
                        store.insert(samples.unsaved(NORTH), 1, NOW).lease(),
                        store.insertAll(List.of(samples.unsaved(NORTH))).get(0).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.replace(key.key(), samples.successorOf(key), NOW).lease(),
                        store.revoke(NORTH, key.key().id(), REVOCATION).lease(),
                        store.revoke(NORTH, key.key().id(), REVOCATION).lease(),
                        store.revoke(SOUTH, key.key().id(), REVOCATION).lease(),
                        store.revokeAll(NORTH, REVOCATION).lease(),
                        store.purge(NOW, 10).lease(),
                        poll(0).lease()))
                .containsOnly(LEASE);
    }

    @Test
    void leavesTheLeaseThatSomebodySetBefore() {
        store.beginCaching(Duration.ofMillis(20)).close();
        store.beginCaching(Duration.ofMillis(80)).close();

        assertThat(poll(0).lease()).isEqualTo(LEASE);
        assertThat(inserted(NORTH)).isNotNull();
    }

    @Test
    void takesNoRevisionToBeginOrToPoll() {
        long before = revisionNow();

        store.beginCaching(LEASE).close();
        poll(0);

        assertThat(revisionNow()).isEqualTo(before + 1);
    }

    @Test
    void tellsWhichKeysWereInsertedOrChangedSince() {
        StoredKey untouched = inserted(NORTH);
        StoredKey changed = inserted(NORTH);
        StoredKey rotated = inserted(NORTH);
        StoredKey revoked = inserted(SOUTH);
        StoredKey successor = samples.successorOf(rotated);
        long applied = poll(0).revision();
        assertThat(poll(applied).changed()).isEmpty();

        store.change(changed.key(), NOW);
        store.replace(rotatedTo(successor, rotated), successor, NOW);
        store.revoke(SOUTH, revoked.key().id(), REVOCATION);
        StoredKey inserted = inserted(SOUTH);

        Poll poll = poll(applied);
        assertThat(poll.changed())
                .containsExactlyInAnyOrder(id(changed), id(rotated), id(successor), id(revoked), id(inserted))
                .doesNotContain(id(untouched));
        assertThat(poll.revision()).isEqualTo(applied + 4);
        assertThat(poll.floor()).isLessThanOrEqualTo(applied);
        assertThat(poll(poll.revision() - 1).changed()).containsExactly(id(inserted));
    }

    @Test
    void tellsOfRevisionsThatChangedNothing() {
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, id(key), REVOCATION);
        long applied = poll(0).revision();

        store.revoke(NORTH, id(key), REVOCATION);

        assertThat(poll(applied).revision()).isEqualTo(applied + 1);
        assertThat(poll(applied).changed()).isEmpty();
    }

    @Test
    void tellsOfNothingWhereKeysAreOnlyUsed() {
        StoredKey key = stored(samples.key(NORTH).endsAt(NOW.plusSeconds(1)));
        long applied = poll(0).revision();

        store.recordUses(List.of(use(key)), NOW);
        store.takeEnding(NOW, NOW.plusSeconds(1), 10);

        assertThat(poll(applied).revision()).isEqualTo(applied);
        assertThat(poll(applied).changed()).isEmpty();
    }

    @Test
    void setsTheFloorWhereManyKeysChangeOrSomeAreRemoved() {
        StoredKey key = inserted(NORTH);
        long before = poll(0).revision();

        long all = store.revokeAll(NORTH, REVOCATION).revision();
        assertThat(all).isEqualTo(before + 1);
        assertThat(poll(before).floor()).isEqualTo(all);

        inserted(SOUTH);
        assertThat(poll(all).floor()).isEqualTo(all);

        long purged = store.purge(NOW.plusSeconds(1), 10).revision();
        assertThat(poll(all).floor()).isEqualTo(purged);
        assertThat(poll(0).changed()).doesNotContain(id(key));
    }

    @Test
    void setsNoFloorWhereOneKeyIsWritten() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);
        StoredKey successor = samples.successorOf(other);
        long before = poll(0).floor();

        store.change(key.key(), NOW);
        store.revoke(NORTH, id(key), REVOCATION);
        store.replace(rotatedTo(successor, other), successor, NOW);
        store.insertAll(List.of(samples.unsaved(NORTH), samples.unsaved(NORTH)));

        assertThat(poll(0).floor()).isEqualTo(before);
    }

    @Test
    void tellsOfNoMoreKeysThanAreWanted() {
        insertedAll(List.of(samples.unsaved(NORTH), samples.unsaved(NORTH), samples.unsaved(NORTH)));

        assertThat(heartbeat.poll(0, 2).changed()).hasSize(2).doesNotHaveDuplicates();
        assertThat(heartbeat.poll(0, 3).changed()).hasSize(3).doesNotHaveDuplicates();
        assertThat(heartbeat.poll(0, 4).changed()).hasSize(3);
    }

    @Test
    void pollsAsOftenAsAskedAndNotOnceItIsClosed() {
        long first = poll(0).revision();
        for (int i = 0; i < 20; i++) {
            assertThat(poll(0).revision()).isEqualTo(first + i);
            inserted(NORTH);
        }
        heartbeat.close();
        heartbeat.close();

        assertThatThrownBy(() -> poll(0)).isInstanceOf(StoreUnavailable.class);
        assertThat(store.beginCaching(LEASE)).satisfies(again -> {
            assertThat(again.poll(0, 100).changed()).hasSize(20);
            again.close();
        });
    }

    private Poll poll(long applied) {
        return heartbeat.poll(applied, 100);
    }

    private static KeyId id(StoredKey key) {
        return key.key().id();
    }
}
