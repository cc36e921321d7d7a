package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
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

    private ChangeFeed feed;

    ChangeFeedContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @BeforeEach
    final void open() {
        feed = store.openChangeFeed(LEASE);
    }

    @AfterEach
    final void close() {
        feed.close();
    }

    @Test
    void writesReturnLeaseOnceFeedIsOpen() {
        StoredKey key = inserted(NORTH);

        assertThat(List.of(
                        store.insert(samples.unsaved(NORTH), ActiveKeyLimits.UNLIMITED, NOW)
                                .lease(),
                        store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).lease(),
                        insertAll(List.of(samples.unsaved(NORTH))).get(0).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.change(key.key(), NOW).lease(),
                        store.replace(key.key(), samples.successorOf(key), NOW).lease(),
                        store.suspend(NORTH, id(key), SUSPENSION, NOW).lease(),
                        store.suspend(NORTH, id(key), SUSPENSION, NOW).lease(),
                        store.resume(NORTH, id(key), NOW).lease(),
                        store.resume(NORTH, id(key), NOW).lease(),
                        store.insert(requested(), ActiveKeyLimits.UNLIMITED, NOW)
                                .lease(),
                        store.insert(requested(), ActiveKeyLimits.UNLIMITED, NOW)
                                .lease(),
                        store.revoke(NORTH, id(key), REVOCATION).lease(),
                        store.revoke(NORTH, id(key), REVOCATION).lease(),
                        store.revoke(SOUTH, id(key), REVOCATION).lease(),
                        store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10).lease(),
                        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10).lease(),
                        store.revokeAll(NORTH, REVOCATION).lease(),
                        store.purge(NOW, 10).lease(),
                        store.purgeTenant(NORTH, 10).lease(),
                        poll(0).lease()))
                .containsOnly(LEASE);
    }

    @Test
    void firstLeaseIsKept() {
        store.openChangeFeed(Duration.ofMillis(20)).close();
        store.openChangeFeed(Duration.ofMillis(80)).close();

        assertThat(poll(0).lease()).isEqualTo(LEASE);
        assertThat(inserted(NORTH)).isNotNull();
    }

    @Test
    void openingAndPollingTakeNoRevision() {
        long before = revisionNow();

        store.openChangeFeed(LEASE).close();
        poll(0);
        store.forgetEvictions(before);

        assertThat(revisionNow()).isEqualTo(before + 1);
    }

    @Test
    void pollListsKeysChangedSinceARevision() {
        StoredKey unchanged = inserted(NORTH);
        StoredKey changed = inserted(NORTH);
        StoredKey rotated = inserted(NORTH);
        StoredKey revoked = inserted(SOUTH);
        StoredKey successor = samples.successorOf(rotated);
        long applied = head();
        assertThat(poll(applied)).isEqualTo(noChanges(applied));

        store.change(changed.key(), NOW);
        store.replace(rotatedTo(successor, rotated), successor, NOW);
        store.revoke(SOUTH, id(revoked), REVOCATION);

        Changes changes = poll(applied);
        assertThat(changes.keys())
                .contains(id(changed), id(rotated), id(revoked))
                .doesNotContain(id(unchanged));
        assertThat(changes.tenants()).isEmpty();
        assertThat(changes.through()).isEqualTo(changes.head()).isEqualTo(applied + 3);
        assertThat(poll(applied + 2).keys()).containsExactly(id(revoked));
    }

    @Test
    void pollListsSuspendedAndResumedKeys() {
        StoredKey key = inserted(NORTH);
        long applied = head();

        store.suspend(NORTH, id(key), SUSPENSION, NOW);
        assertThat(poll(applied))
                .isEqualTo(Changes.of(applied + 1, applied + 1, LEASE, List.of(id(key)), List.of(), false));
        store.resume(NORTH, id(key), NOW);
        assertThat(poll(applied + 1))
                .isEqualTo(Changes.of(applied + 2, applied + 2, LEASE, List.of(id(key)), List.of(), false));
    }

    @Test
    void pollReportsInsertedKeys() {
        StoredKey key = inserted(NORTH);
        long applied = head();

        store.revoke(NORTH, id(key), REVOCATION);
        assertThat(poll(applied).inserted()).isFalse();

        store.insertAll(List.of(new ImportCandidate(samples.unsaved(SOUTH), List.of())));
        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(head()).inserted()).isFalse();
    }

    @Test
    void pollReportsInsertOfKeyChangedSince() {
        long applied = head();
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, id(key), REVOCATION);

        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(applied + 1).inserted()).isFalse();
        assertThat(poll(applied + 1).keys()).containsExactly(id(key));
    }

    @Test
    void pollReportsInsertOfSuccessor() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.successorOf(key);
        long applied = head();

        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(poll(applied).inserted()).isTrue();
        assertThat(poll(applied).keys()).contains(id(key));
    }

    @Test
    void pollListsNothingWithoutChanges() {
        StoredKey key = stored(requested());
        store.revoke(NORTH, id(key), REVOCATION);
        long applied = head();

        store.revoke(NORTH, id(key), REVOCATION);
        store.suspend(NORTH, id(key), SUSPENSION, NOW);
        store.resume(NORTH, id(key), NOW);
        store.insert(requested(), ActiveKeyLimits.UNLIMITED, NOW);
        store.change(key.key(), NOW);
        store.insert(samples.unsaved(NORTH), ofTenant(0), NOW);
        store.insertAll(List.of(new ImportCandidate(key, List.of())));
        store.revokeAll(NORTH, REVOCATION);
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10);
        store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10);
        store.purge(NOW.minusSeconds(1), 10);
        store.purgeTenant(SOUTH, 10);

        assertThat(poll(applied)).isEqualTo(noChanges(applied + 12));
    }

    @Test
    void usageIsNotAChange() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusSeconds(1)));
        long applied = head();

        usage().recordUsage(List.of(delta(key)));
        usage().claimExpiring(NOW, Duration.ofSeconds(1), 10);

        assertThat(poll(applied)).isEqualTo(noChanges(applied));
    }

    @Test
    void pollListsTenantWhoseKeysWereRevoked() {
        inserted(NORTH, 3);
        inserted(SOUTH);
        long applied = head();

        store.revokeAll(NORTH, REVOCATION);

        assertThat(poll(applied))
                .isEqualTo(Changes.of(applied + 1, applied + 1, LEASE, List.of(), List.of(NORTH), false));
        assertThat(poll(applied + 1)).isEqualTo(noChanges(applied + 1));
    }

    @Test
    void pollListsKeysRevokedByCreator() {
        expectListed(inserted(NORTH, 3), () -> store.revokeCreatedBy(NORTH, ADA, REVOCATION, 10));
    }

    @Test
    void pollListsKeysRevokedByOwner() {
        inserted(NORTH);
        List<StoredKey> keys = Stream.generate(() -> stored(samples.key(NORTH).owner(PAYROLL)))
                .limit(3)
                .toList();

        expectListed(keys, () -> store.revokeOwnedBy(NORTH, PAYROLL, REVOCATION, 10));
    }

    private void expectListed(List<StoredKey> keys, Runnable revoke) {
        long applied = head();

        revoke.run();

        assertThat(poll(applied).keys())
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().map(ChangeFeedContract::id).toList());
        assertThat(poll(applied).tenants()).isEmpty();
    }

    @Test
    void pollListsPurgedKeys() {
        StoredKey one = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey other = stored(samples.key(SOUTH).revocation(REVOCATION));
        inserted(NORTH);
        long applied = head();

        store.purge(NOW.plusMillis(1), 10);

        assertThat(poll(applied).keys()).containsExactlyInAnyOrder(id(one), id(other));
        assertThat(poll(applied).tenants()).isEmpty();
        assertThat(poll(applied).inserted()).isFalse();
    }

    @Test
    void pollListsPurgedTenant() {
        inserted(NORTH, 3);
        long applied = head();

        store.purgeTenant(NORTH, 2);
        assertThat(poll(applied).tenants()).containsExactly(NORTH);
        store.purgeTenant(NORTH, 2);

        assertThat(poll(applied + 1).tenants()).containsExactly(NORTH);
        assertThat(poll(applied).tenants()).containsOnly(NORTH);
        assertThat(poll(applied + 2)).isEqualTo(noChanges(applied + 2));
    }

    @Test
    void repeatedEvictionIsListedAgain() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW));
        store.purge(NOW.plusMillis(1), 10);
        stored(key);
        store.revokeAll(NORTH, REVOCATION);
        inserted(NORTH);
        long applied = head();

        store.purge(NOW.plusMillis(1), 10);
        store.revokeAll(NORTH, REVOCATION);

        assertThat(poll(applied).keys()).containsOnly(id(key));
        assertThat(poll(applied).tenants()).containsOnly(NORTH);
    }

    @Test
    void evictionsAreForgottenUpToARevision() {
        inserted(NORTH);
        StoredKey key = stored(samples.key(SOUTH).expiresAt(NOW));
        long applied = head();
        long revoked = store.revokeAll(NORTH, REVOCATION).revision();
        store.purge(NOW, 10);
        store.purge(NOW.plusMillis(1), 1);
        store.purge(NOW.plusMillis(1), 1);

        store.forgetEvictions(revoked - 1);
        assertThat(poll(applied).tenants()).containsExactly(NORTH);
        store.forgetEvictions(revoked);
        assertThat(poll(applied).tenants()).isEmpty();
        assertThat(poll(applied).keys()).contains(id(key));
        store.forgetEvictions(head());
        assertThat(poll(applied).keys()).isEmpty();
        store.forgetEvictions(head());
    }

    @Test
    void maximumAppliedRevisionReadsOnlyHeadAndLease() {
        StoredKey key = inserted(NORTH);
        store.change(key.key(), NOW);
        long head = store.revokeAll(NORTH, REVOCATION).revision();

        assertThat(feed.poll(Long.MAX_VALUE, LIMIT)).isEqualTo(noChanges(head));
    }

    @Test
    void changesBeyondTheLimitArePaged() {
        List<StoredKey> keys = insertedAll(Stream.generate(() -> samples.unsaved(NORTH))
                .limit(KeyStore.MAX_KEYS_PER_WRITE)
                .toList());
        List<StoredKey> more = inserted(NORTH, 7);
        inserted(SOUTH);
        long applied = head();
        more.forEach(key -> store.change(key.key(), NOW));
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, KeyStore.MAX_KEYS_PER_WRITE);
        store.revokeCreatedBy(NORTH, ADA, REVOCATION, KeyStore.MAX_KEYS_PER_WRITE);
        store.revokeAll(SOUTH, REVOCATION);
        more.forEach(key -> store.revoke(NORTH, id(key), REVOCATION));
        inserted(NORTH);
        long head = head();

        Set<KeyId> keyIds = new HashSet<>();
        Set<TenantId> tenants = new HashSet<>();
        Changes page;
        int pages = 0;
        do {
            page = feed.poll(applied, LIMIT);
            assertThat(page.head()).isEqualTo(head);
            assertThat(page.through()).isGreaterThan(applied).isLessThanOrEqualTo(head);
            assertThat(page.keys().size() + page.tenants().size()).isLessThanOrEqualTo(LIMIT);
            keyIds.addAll(page.keys());
            tenants.addAll(page.tenants());
            applied = page.through();
            pages++;
        } while (page.isPartial());

        assertThat(pages).isGreaterThan(1);
        assertThat(tenants).containsExactly(SOUTH);
        assertThat(keyIds)
                .containsAll(Stream.concat(keys.stream(), more.stream())
                        .map(ChangeFeedContract::id)
                        .toList());
    }

    /** The revision of the purge has the maximum number of keys, and would be split by the limit. */
    @Test
    void keysOfOneRevisionAreNeverSplit() {
        StoredKey first = inserted(SOUTH);
        insertedAll(Stream.generate(() -> samples.unsaved(samples.key(NORTH).expiresAt(NOW)))
                .limit(KeyStore.MAX_KEYS_PER_WRITE)
                .toList());
        StoredKey second = inserted(SOUTH);
        long applied = head();
        store.change(first.key(), NOW);
        store.change(second.key(), NOW);
        long purged =
                store.purge(NOW.plusMillis(1), KeyStore.MAX_KEYS_PER_WRITE).revision();

        Changes page = feed.poll(applied, LIMIT);

        assertThat(page.isPartial()).isTrue();
        assertThat(page.through()).isEqualTo(purged - 1);
        assertThat(page.keys()).containsExactlyInAnyOrder(id(first), id(second));
        assertThat(feed.poll(page.through(), LIMIT).keys()).hasSize(KeyStore.MAX_KEYS_PER_WRITE);
    }

    @Test
    void closedFeedCannotPoll() {
        StoredKey key = inserted(NORTH);
        long first = head();
        for (int i = 0; i < 20; i++) {
            assertThat(poll(first).head()).isEqualTo(first + i);
            store.change(inStore(key).key(), NOW);
        }
        feed.close();
        feed.close();

        assertThatThrownBy(() -> poll(0)).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.openChangeFeed(LEASE)).satisfies(again -> {
            assertThat(again.poll(first, LIMIT).keys()).containsExactly(id(key));
            again.close();
        });
    }

    private StoredKey requested() {
        return samples.unsaved(NORTH).issuedFor(Digest.of(new byte[Digest.LENGTH]));
    }

    private Changes poll(long applied) {
        return feed.poll(applied, LIMIT);
    }

    private long head() {
        return poll(Long.MAX_VALUE).head();
    }

    private static Changes noChanges(long revision) {
        return Changes.none(revision, LEASE);
    }

    private static KeyId id(StoredKey key) {
        return key.key().id();
    }
}
