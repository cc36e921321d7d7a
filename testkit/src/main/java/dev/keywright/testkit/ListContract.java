package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class ListContract extends ContractPart {

    ListContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void keysAreListedOldestFirst() {
        StoredKey late = stored(samples.key(NORTH).createdAt(NOW.plusMillis(1)));
        StoredKey early = stored(samples.key(NORTH).createdAt(NOW.minusMillis(1)));
        StoredKey ancient = stored(samples.key(NORTH).createdAt(Instant.ofEpochMilli(-1)));
        StoredKey first = inserted(NORTH);
        StoredKey second = inserted(NORTH);
        inserted(SOUTH);

        assertThat(list(NORTH, null, NOW, null, 10)).containsExactly(ancient, early, first, second, late);
    }

    @Test
    void listFiltersByState() {
        StoredKey active = inserted(NORTH);
        StoredKey lastMillisecond = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)));
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey revoked = stored(samples.key(NORTH).revocation(revocation(NOW.plusSeconds(1), "")));
        StoredKey revokedAfterExpiry = stored(samples.key(NORTH).expiresAt(NOW).revocation(REVOCATION));

        assertThat(list(NORTH, ApiKey.State.ACTIVE, NOW, null, 10)).containsExactly(active, lastMillisecond);
        assertThat(list(NORTH, ApiKey.State.EXPIRED, NOW, null, 10)).containsExactly(expired);
        assertThat(list(NORTH, ApiKey.State.REVOKED, NOW, null, 10)).containsExactly(revoked, revokedAfterExpiry);
        assertThat(list(NORTH, null, NOW, null, 10))
                .containsExactly(active, lastMillisecond, expired, revoked, revokedAfterExpiry);
    }

    @Test
    void pagesCoverAllKeysOfAState() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            ApiKey.Builder key = samples.key(NORTH).createdAt(NOW.plusMillis(i / 7));
            keys.add(stored(i % 3 == 0 ? key : i % 3 == 1 ? key.expiresAt(NOW) : key.revocation(REVOCATION)));
        }

        for (ApiKey.State state : ApiKey.State.values()) {
            assertThat(pages(state, 2, key -> {}))
                    .as("%s", state)
                    .hasSize(7)
                    .isEqualTo(keys.stream()
                            .filter(key -> key.key().stateAt(NOW) == state)
                            .toList());
        }
        assertThat(pages(null, 7, key -> {})).isEqualTo(keys);
    }

    @Test
    void pagingContinuesAfterRevokedKey() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.add(stored(samples.key(NORTH).createdAt(NOW.plusMillis(i / 3))));
        }

        assertThat(pages(
                        ApiKey.State.ACTIVE,
                        2,
                        last -> store.revoke(NORTH, last.key().id(), REVOCATION)))
                .isEqualTo(keys);
    }

    @Test
    void pagingContinuesAfterPurgedKey() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.add(stored(samples.key(NORTH).createdAt(NOW.plusMillis(i / 3))));
        }

        List<StoredKey> seen = pages(null, 2, last -> {
            store.revoke(NORTH, last.key().id(), REVOCATION);
            assertThat(store.purge(NOW.plusMillis(1), 10).changed()).isEqualTo(1);
        });

        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void keyInsertedMeanwhileIsOnLastPage() {
        List<StoredKey> keys = new ArrayList<>(inserted(NORTH, 3));

        List<StoredKey> seen = pages(null, 3, last -> {
            if (keys.size() == 3) {
                keys.add(inserted(NORTH));
            }
        });

        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void positionWithoutAKeyIsAccepted() {
        StoredKey first = inserted(NORTH);
        StoredKey second = stored(samples.key(NORTH).createdAt(NOW.plusMillis(2)));

        assertThat(list(NORTH, null, NOW, new ListPosition(NOW.plusMillis(1), 0), 10))
                .containsExactly(second);
        assertThat(list(NORTH, null, NOW, new ListPosition(NOW.minusMillis(1), Long.MAX_VALUE), 10))
                .containsExactly(first, second);
        assertThat(list(NORTH, null, NOW, second.position(), 10)).isEmpty();
    }

    @Test
    void listFiltersByCreator() {
        StoredKey first = inserted(NORTH);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("Ada"))));
        stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("ada\u00A0"))));
        stored(samples.key(NORTH).createdBy(Actor.job(new Job("ada"))));
        inserted(SOUTH);
        StoredKey last = inserted(NORTH);

        assertThat(store.list(NORTH, null, ADA, NOW, null, 10)).containsExactly(first, expired, last);
        assertThat(store.list(NORTH, null, ADA, NOW, first.position(), 1)).containsExactly(expired);
        assertThat(store.list(NORTH, ApiKey.State.ACTIVE, ADA, NOW, null, 10)).containsExactly(first, last);
        assertThat(store.list(NORTH, ApiKey.State.EXPIRED, ADA, NOW, null, 10)).containsExactly(expired);
        assertThat(store.list(NORTH, ApiKey.State.REVOKED, ADA, NOW, null, 10)).isEmpty();
        assertThat(store.list(NORTH, null, Actor.person(UserId.of("grace")), NOW, null, 10))
                .isEmpty();
    }

    /** Reads pages until one is not full, and passes the last key of each to an action. */
    private List<StoredKey> pages(ApiKey.@Nullable State state, int limit, Consumer<StoredKey> afterPage) {
        List<StoredKey> seen = new ArrayList<>();
        @Nullable ListPosition after = null;
        List<StoredKey> page;
        do {
            page = list(NORTH, state, NOW, after, limit);
            seen.addAll(page);
            if (!page.isEmpty()) {
                StoredKey last = page.get(page.size() - 1);
                after = last.position();
                afterPage.accept(last);
            }
        } while (page.size() == limit);
        return seen;
    }
}
