package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.SampleKeys.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class ChangeFeedContract extends ContractPart {

    private static final Duration LEASE = Duration.ofMillis(40);
    private static final int LIMIT = KeyStore.MAX_KEYS_PER_WRITE + 1;

    private ChangeFeed heartbeat;

    ChangeFeedContract(Supplier<KeyStore> made) {
        super(made);
    }

    @BeforeEach
    final void begin() {
        heartbeat = store.openChangeFeed(LEASE);
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
                        insertAll(List.of(samples.unsaved(NORTH))).get(0).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.replace(key.key(), samples.successorOf(key), NOW).lease(),
                        store.revoke(NORTH, id(key), REVOCATION).lease(),
                        store.revoke(NORTH, id(key), REVOCATION).lease(),
                        store.revoke(SOUTH, id(key), REVOCATION).lease(),
                        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10).lease(),
                        store.revokeAll(NORTH, REVOCATION).lease(),
                        store.purge(NOW, 10).lease(),
                        store.purgeTenant(NORTH, 10).lease(),
                        poll(0).lease()))
                .containsOnly(LEASE);
    }

    @Test
    void leavesTheLeaseThatSomebodySetBefore() {
        store.openChangeFeed(Duration.ofMillis(20)).close();
        store.openChangeFeed(Duration.ofMillis(80)).close();

        assertThat(poll(0).lease()).isEqualTo(LEASE);
        assertThat(inserted(NORTH)).isNotNull();
    }

    @Test
    void takesNoRevisionToBeginOrToPoll() {
        long before = revisionNow();

        store.openChangeFeed(LEASE).close();
        poll(0);
        store.forgetEvictions(before);

        assertThat(revisionNow()).isEqualTo(before + 1);
    }

    @Test
    void tellsWhichKeysWereChangedSince() {
        StoredKey untouched = inserted(NORTH);
        StoredKey changed = inserted(NORTH);
        StoredKey rotated = inserted(NORTH);
        StoredKey revoked = inserted(SOUTH);
        StoredKey successor = samples.successorOf(rotated);
        long applied = present();
        assertThat(poll(applied)).isEqualTo(nothing(applied));

        store.change(changed.key(), NOW);
        store.replace(rotatedTo(successor, rotated), successor, NOW);
        store.revoke(SOUTH, id(revoked), REVOCATION);

        Changes changes = poll(applied);
        assertThat(changes.keys())
                .contains(id(changed), id(rotated), id(revoked))
                .doesNotContain(id(untouched));
        assertThat(changes.tenants()).isEmpty();
        assertThat(changes.through()).isEqualTo(changes.head()).isEqualTo(applied + 3);
        assertThat(poll(applied + 2).keys()).containsExactly(id(revoked));
    }

    @Test
    void tellsThatKeysWereInserted() {
        StoredKey key = inserted(NORTH);
        long applied = present();

        store.revoke(NORTH, id(key), REVOCATION);
        assertThat(poll(applied).inserted()).isFalse();

        store.insertAll(List.of(new ImportCandidate(samples.unsaved(SOUTH), List.of())));
        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(present()).inserted()).isFalse();
    }

    @Test
    void tellsThatAKeyWasInsertedThatHasChangedSince() {
        long applied = present();
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, id(key), REVOCATION);

        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(applied + 1).inserted()).isFalse();
        assertThat(poll(applied + 1).keys()).containsExactly(id(key));
    }

    @Test
    void tellsThatASuccessorWasInserted() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.successorOf(key);
        long applied = present();

        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(applied).keys()).contains(id(key));
    }

    @Test
    void tellsOfNothingWhereNothingChanged() {
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, id(key), REVOCATION);
        long applied = present();

        store.revoke(NORTH, id(key), REVOCATION);
        store.change(key.key(), NOW);
        store.insert(samples.unsaved(NORTH), 0, NOW);
        store.insertAll(List.of(new ImportCandidate(key, List.of())));
        store.revokeAll(NORTH, REVOCATION);
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10);
        store.purge(NOW.minusSeconds(1), 10);
        store.purgeTenant(SOUTH, 10);

        assertThat(poll(applied)).isEqualTo(nothing(applied + 8));
    }

    @Test
    void tellsOfNothingWhereKeysAreOnlyUsed() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        long applied = present();

        usage().recordUsage(List.of(use(key)));
        usage().claimExpiring(NOW, NOW.plusSeconds(1), 10);

        assertThat(poll(applied)).isEqualTo(nothing(applied));
    }

    @Test
    void tellsTheTenantWhoseKeysWereRevokedAllAtOnce() {
        inserted(NORTH, 3);
        inserted(SOUTH);
        long applied = present();

        store.revokeAll(NORTH, REVOCATION);

        assertThat(poll(applied))
                .isEqualTo(Changes.of(applied + 1, applied + 1, LEASE, List.of(), List.of(NORTH), false));
        assertThat(poll(applied + 1)).isEqualTo(nothing(applied + 1));
    }

    @Test
    void tellsTheKeysThatWereRevokedByTheirCreator() {
        List<StoredKey> keys = inserted(NORTH, 3);
        long applied = present();

        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10);

        assertThat(poll(applied).keys())
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().map(ChangeFeedContract::id).toList());
        assertThat(poll(applied).tenants()).isEmpty();
    }

    @Test
    void tellsTheKeysThatWerePurged() {
        StoredKey one = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey other = stored(samples.key(SOUTH).revocation(REVOCATION));
        inserted(NORTH);
        long applied = present();

        store.purge(NOW.plusMillis(1), 10);

        assertThat(poll(applied).keys()).containsExactlyInAnyOrder(id(one), id(other));
        assertThat(poll(applied).tenants()).isEmpty();
        assertThat(poll(applied).inserted()).isFalse();
    }

    @Test
    void tellsTheTenantThatWasPurged() {
        inserted(NORTH, 3);
        long applied = present();

        store.purgeTenant(NORTH, 2);
        assertThat(poll(applied).tenants()).containsExactly(NORTH);
        store.purgeTenant(NORTH, 2);

        assertThat(poll(applied + 1).tenants()).containsExactly(NORTH);
        assertThat(poll(applied).tenants()).containsOnly(NORTH);
        assertThat(poll(applied + 2)).isEqualTo(nothing(applied + 2));
    }

    @Test
    void tellsAgainOfASubjectThatIsEvictedAgain() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW));
        store.purge(NOW.plusMillis(1), 10);
        stored(key);
        store.revokeAll(NORTH, REVOCATION);
        inserted(NORTH);
        long applied = present();

        store.purge(NOW.plusMillis(1), 10);
        store.revokeAll(NORTH, REVOCATION);

        assertThat(poll(applied).keys()).containsOnly(id(key));
        assertThat(poll(applied).tenants()).containsOnly(NORTH);
    }

    @Test
    void forgetsEvictionsUpToARevision() {
        inserted(NORTH);
        StoredKey key = stored(samples.key(SOUTH).expiresAt(NOW));
        long applied = present();
        long revoked = store.revokeAll(NORTH, REVOCATION).revision();
        store.purge(NOW, 10);
        store.purge(NOW.plusMillis(1), 1);
        store.purge(NOW.plusMillis(1), 1);

        store.forgetEvictions(revoked - 1);
        assertThat(poll(applied).tenants()).containsExactly(NORTH);
        store.forgetEvictions(revoked);
        assertThat(poll(applied).tenants()).isEmpty();
        assertThat(poll(applied).keys()).contains(id(key));
        store.forgetEvictions(present());
        assertThat(poll(applied).keys()).isEmpty();
        store.forgetEvictions(present());
    }

    @Test
    void maximumAppliedRevisionReadsOnlyHeadAndLease() {
        StoredKey key = inserted(NORTH);
        store.change(key.key(), NOW);
        long head = store.revokeAll(NORTH, REVOCATION).revision();

        assertThat(heartbeat.poll(Long.MAX_VALUE, LIMIT)).isEqualTo(nothing(head));
    }

    @Test
    void pagesThroughMoreChangesThanTheLimit() {
        List<StoredKey> keys = insertedAll(Stream.generate(() -> samples.unsaved(NORTH))
                .limit(KeyStore.MAX_KEYS_PER_WRITE)
                .toList());
        List<StoredKey> more = inserted(NORTH, 7);
        inserted(SOUTH);
        long applied = present();
        more.forEach(key -> store.change(key.key(), NOW));
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, KeyStore.MAX_KEYS_PER_WRITE);
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, KeyStore.MAX_KEYS_PER_WRITE);
        store.revokeAll(SOUTH, REVOCATION);
        more.forEach(key -> store.revoke(NORTH, id(key), REVOCATION));
        inserted(NORTH);
        long head = present();

        Set<KeyId> told = new HashSet<>();
        Set<TenantId> tenants = new HashSet<>();
        Changes page;
        int pages = 0;
        do {
            page = heartbeat.poll(applied, LIMIT);
            assertThat(page.head()).isEqualTo(head);
            assertThat(page.through()).isGreaterThan(applied).isLessThanOrEqualTo(head);
            assertThat(page.keys().size() + page.tenants().size()).isLessThanOrEqualTo(LIMIT);
            told.addAll(page.keys());
            tenants.addAll(page.tenants());
            applied = page.through();
            pages++;
        } while (page.isPartial());

        assertThat(pages).isGreaterThan(1);
        assertThat(tenants).containsExactly(SOUTH);
        assertThat(told)
                .containsAll(Stream.concat(keys.stream(), more.stream())
                        .map(ChangeFeedContract::id)
                        .toList());
    }

    /** As many as a write may change, and one more before: they would be split in the middle. */
    @Test
    void neverSplitsTheKeysOfOneRevision() {
        StoredKey first = inserted(SOUTH);
        insertedAll(Stream.generate(() -> samples.unsaved(samples.key(NORTH).expiresAt(NOW)))
                .limit(KeyStore.MAX_KEYS_PER_WRITE)
                .toList());
        StoredKey second = inserted(SOUTH);
        long applied = present();
        store.change(first.key(), NOW);
        store.change(second.key(), NOW);
        long purged =
                store.purge(NOW.plusMillis(1), KeyStore.MAX_KEYS_PER_WRITE).revision();

        Changes page = heartbeat.poll(applied, LIMIT);

        assertThat(page.isPartial()).isTrue();
        assertThat(page.through()).isEqualTo(purged - 1);
        assertThat(page.keys()).containsExactlyInAnyOrder(id(first), id(second));
        assertThat(heartbeat.poll(page.through(), LIMIT).keys()).hasSize(KeyStore.MAX_KEYS_PER_WRITE);
    }

    @Test
    void closedFeedCannotPoll() {
        StoredKey key = inserted(NORTH);
        long first = present();
        for (int i = 0; i < 20; i++) {
            assertThat(poll(first).head()).isEqualTo(first + i);
            store.change(inStore(key).key(), NOW);
        }
        heartbeat.close();
        heartbeat.close();

        assertThatThrownBy(() -> poll(0)).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.openChangeFeed(LEASE)).satisfies(again -> {
            assertThat(again.poll(first, LIMIT).keys()).containsExactly(id(key));
            again.close();
        });
    }

    private Changes poll(long applied) {
        return heartbeat.poll(applied, LIMIT);
    }

    private long present() {
        return poll(Long.MAX_VALUE).head();
    }

    private static Changes nothing(long revision) {
        return Changes.none(revision, LEASE);
    }

    private static KeyId id(StoredKey key) {
        return key.key().id();
    }
}
