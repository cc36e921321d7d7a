package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.Job;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KeyStore} must do, as tests. A store's own test extends this class and says how to make an empty store:
 *
 * <pre>{@code
 * class MyKeyStoreTest extends KeyStoreContract {
 *     @Override
 *     protected KeyStore newStore() {
 *         return new MyKeyStore();
 *     }
 * }
 * }</pre>
 */
public abstract class KeyStoreContract {

    private static final int THREADS = 16;

    private final SampleKeys samples = new SampleKeys();
    private KeyStore store;

    /** For the store's own test. */
    protected KeyStoreContract() {}

    /**
     * Makes an empty store. Called before each test.
     *
     * @return the store
     * @throws Exception if it cannot; the test then fails
     */
    protected abstract KeyStore newStore() throws Exception;

    @BeforeEach
    final void makeStore() throws Exception {
        store = newStore();
    }

    /** What {@link KeyStore#insert} promises. */
    @Nested
    class Inserting {

        /** For JUnit. */
        Inserting() {}

        @Test
        void givesBackTheRowAsItIsStored() {
            StoredKey key = samples.unsaved(NORTH);

            Written written = store.insert(key);

            assertThat(written.changed()).isTrue();
            assertThat(written.key()).contains(key.revised(written.revision(), written.revision()));
            assertThat(store.find(NORTH, key.key().id())).isEqualTo(written.key());
        }

        @Test
        void keepsEveryPartOfAKey() {
            StoredKey key = samples.unsaved(samples.key(NORTH)
                    .name(KeyName.of("Überwachung \"Ñandú\" ключ 鍵 \u200Fמפתח \uD83D\uDD11'; --"))
                    .scopes(Scopes.of("write:people", "read:people", "a!#$%&'()*+,-./:;<=>?@[]^_`{|}~"))
                    .createdAt(Instant.parse("1969-12-31T23:59:59.999Z"))
                    .createdBy(Actor.job(new Job("nightly import")))
                    .endsAt(Instant.parse("9999-12-31T23:59:59.999Z"))
                    .revocation(new Revocation(NOW, Actor.holder(), "")));

            store.insert(key);

            assertThat(inStore(key).key()).isEqualTo(key.key());
            assertThat(inStore(key).digest()).isEqualTo(key.digest());
            assertThat(inStore(key).pepper()).isEqualTo(key.pepper());
        }

        @Test
        void keepsTheLongestParts() {
            String widest = "\uD83D\uDD11";
            TenantId tenant = TenantId.of(widest.repeat(128));
            StoredKey key = StoredKey.unsaved(
                    samples.key(tenant)
                            .id(KeyId.of("k".repeat(64)))
                            .name(KeyName.of(widest.repeat(100)))
                            .scopes(Scopes.of(IntStream.range(0, 100)
                                    .mapToObj(i -> String.format("%064d", i))
                                    .toArray(String[]::new)))
                            .createdBy(Actor.job(new Job(widest.repeat(128))))
                            .revocation(revocation(NOW, widest.repeat(200)))
                            .build(),
                    samples.digest(),
                    new PepperId("z".repeat(32)));

            store.insert(key);

            assertThat(inStore(key).key()).isEqualTo(key.key());
            assertThat(inStore(key).pepper()).isEqualTo(key.pepper());
        }

        @Test
        void ignoresTheRevisionsThatAKeyBrings() {
            StoredKey key = samples.unsaved(NORTH).revised(7_000, 8_000);

            Written written = store.insert(key);

            assertThat(inStore(key)).isEqualTo(key.revised(written.revision(), written.revision()));
        }

        @Test
        void refusesAnIdThatIsThereAlreadyWhoeverHasIt() {
            StoredKey first = samples.unsaved(NORTH);
            store.insert(first);
            StoredKey second = samples.unsaved(samples.key(SOUTH).id(first.key().id()));

            assertThatThrownBy(() -> store.insert(second)).isInstanceOf(DuplicateKey.class);

            assertThat(inStore(first).key()).isEqualTo(first.key());
            assertThat(store.findByDigest(second.digest())).isEmpty();
        }

        @Test
        void refusesADigestThatIsThereAlready() {
            StoredKey first = samples.unsaved(NORTH);
            store.insert(first);
            ApiKey second = samples.key(SOUTH).build();

            assertThatThrownBy(() -> store.insert(StoredKey.unsaved(second, first.digest(), PEPPER)))
                    .isInstanceOf(DuplicateKey.class);

            assertThat(store.find(SOUTH, second.id())).isEmpty();
            assertThat(store.findByDigest(first.digest()).orElseThrow().key()).isEqualTo(first.key());
        }
    }

    /** What {@link KeyStore#revoke} promises. */
    @Nested
    class Revoking {

        /** For JUnit. */
        Revoking() {}

        @Test
        void marksTheKeyAndNothingElse() {
            StoredKey key = inserted(NORTH);
            StoredKey other = inserted(NORTH);

            Written written = store.revoke(NORTH, key.key().id(), REVOCATION);

            ApiKey revoked = key.key().toBuilder().revocation(REVOCATION).build();
            assertThat(written.changed()).isTrue();
            assertThat(written.key()).contains(key.changed(revoked, written.revision()));
            assertThat(store.findByDigest(key.digest())).isEqualTo(written.key());
            assertThat(inStore(other)).isEqualTo(other);
        }

        @Test
        void leavesTheFirstRevocationAsItIs() {
            StoredKey key = inserted(NORTH);
            Written first = store.revoke(NORTH, key.key().id(), REVOCATION);

            Written second = store.revoke(NORTH, key.key().id(), revocation(NOW.plusSeconds(60), "again"));

            assertThat(second.changed()).isFalse();
            assertThat(second.key()).isEqualTo(first.key());
            assertThat(second.revision()).isGreaterThan(first.revision());
        }

        @Test
        void takesInAKeyWhoseEndHasCome() {
            StoredKey key = stored(samples.unsaved(samples.key(NORTH).endsAt(NOW.minusSeconds(1))));

            Written written = store.revoke(NORTH, key.key().id(), REVOCATION);

            assertThat(written.changed()).isTrue();
            assertThat(inStore(key).key().revocation()).contains(REVOCATION);
        }

        @Test
        void findsNothingOfAnotherTenants() {
            StoredKey key = inserted(NORTH);

            Written written = store.revoke(SOUTH, key.key().id(), REVOCATION);

            assertThat(written.key()).isEmpty();
            assertThat(written.changed()).isFalse();
            assertThat(inStore(key)).isEqualTo(key);
        }

        @Test
        void findsNothingWhereThereIsNothing() {
            Written written = store.revoke(NORTH, KeyId.of("nothing"), REVOCATION);

            assertThat(written.key()).isEmpty();
            assertThat(written.changed()).isFalse();
        }
    }

    /** What {@link KeyStore#findByDigest} and {@link KeyStore#find} promise. */
    @Nested
    class LookingUp {

        /** For JUnit. */
        LookingUp() {}

        @Test
        void findsAKeyByExactlyItsDigest() {
            StoredKey key = inserted(NORTH);
            byte[] almost = key.digest().bytes();
            almost[0]++;

            assertThat(store.findByDigest(key.digest())).contains(key);
            assertThat(store.findByDigest(Digest.of(almost))).isEmpty();
        }

        @Test
        void tellsDigestsApartThatEndOrBeginInZeros() {
            byte[] one = new byte[Digest.LENGTH];
            one[0] = 1;
            StoredKey zeros = stored(StoredKey.unsaved(samples.key(NORTH).build(), Digest.of(new byte[32]), PEPPER));
            StoredKey blanks = stored(StoredKey.unsaved(samples.key(NORTH).build(), Digest.of(one), PEPPER));

            assertThat(store.findByDigest(zeros.digest())).contains(zeros);
            assertThat(store.findByDigest(blanks.digest())).contains(blanks);
        }

        @Test
        void findsAKeyForItsTenantAlone() {
            StoredKey key = inserted(NORTH);

            assertThat(store.find(NORTH, key.key().id())).contains(key);
            assertThat(store.find(SOUTH, key.key().id())).isEmpty();
        }

        @Test
        void comparesIdsAndTenantsByteForByte() {
            StoredKey key = stored(
                    samples.unsaved(samples.key(TenantId.of("Caf\u00E9 i")).id(KeyId.of("Key-i"))));

            for (String id : List.of("key-i", "KEY-I", "Key-I")) {
                assertThat(store.find(key.key().tenant(), KeyId.of(id))).as(id).isEmpty();
            }
            for (String tenant : List.of(
                    "caf\u00E9 i", "Cafe i", "Cafe\u0301 i", "Caf\u00E9 i ", " Caf\u00E9 i", "Caf\u00E9 \u0131")) {
                TenantId other = TenantId.of(tenant);
                assertThat(store.find(other, key.key().id())).as(tenant).isEmpty();
                assertThat(store.listActive(other, NOW, null, 10)).as(tenant).isEmpty();
                assertThat(store.revoke(other, key.key().id(), REVOCATION).key())
                        .as(tenant)
                        .isEmpty();
            }
            assertThat(inStore(key)).isEqualTo(key);
        }
    }

    /** What {@link KeyStore#listActive} promises. */
    @Nested
    class Listing {

        /** For JUnit. */
        Listing() {}

        @Test
        void givesTheTenantsKeysOldestFirst() {
            StoredKey late = stored(samples.unsaved(samples.key(NORTH).createdAt(NOW.plusMillis(1))));
            StoredKey early = stored(samples.unsaved(samples.key(NORTH).createdAt(NOW.minusMillis(1))));
            StoredKey first = inserted(NORTH);
            StoredKey second = inserted(NORTH);
            inserted(SOUTH);

            assertThat(store.listActive(NORTH, NOW, null, 10)).containsExactly(early, first, second, late);
        }

        @Test
        void leavesOutWhatIsRevokedOrHasEnded() {
            StoredKey revoked = inserted(NORTH);
            store.revoke(NORTH, revoked.key().id(), REVOCATION);
            stored(samples.unsaved(samples.key(NORTH).endsAt(NOW)));
            StoredKey lastMillisecond =
                    stored(samples.unsaved(samples.key(NORTH).endsAt(NOW.plusMillis(1))));

            assertThat(store.listActive(NORTH, NOW, null, 10)).containsExactly(lastMillisecond);
        }

        @Test
        void goesOnAfterTheLastKeyOfThePageBeforeEvenIfThatHasEndedSince() {
            List<StoredKey> keys = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                keys.add(stored(samples.unsaved(samples.key(NORTH).createdAt(NOW.plusMillis(i / 3)))));
            }

            List<StoredKey> seen = new ArrayList<>();
            @Nullable StoredKey last = null;
            List<StoredKey> page;
            do {
                page = store.listActive(NORTH, NOW, last, 2);
                seen.addAll(page);
                if (!page.isEmpty()) {
                    last = page.get(page.size() - 1);
                    store.revoke(NORTH, last.key().id(), REVOCATION);
                }
            } while (page.size() == 2);

            assertThat(seen).isEqualTo(keys);
        }
    }

    /** What {@link KeyStore#countActiveByPepper} promises. */
    @Nested
    class CountingByPepper {

        /** For JUnit. */
        CountingByPepper() {}

        @Test
        void countsTheActiveKeysOfAllTenants() {
            PepperId other = new PepperId("none");
            inserted(NORTH);
            inserted(SOUTH);
            stored(StoredKey.unsaved(samples.key(NORTH).build(), samples.digest(), other));
            StoredKey revoked = inserted(NORTH);
            store.revoke(NORTH, revoked.key().id(), REVOCATION);
            stored(StoredKey.unsaved(samples.key(NORTH).endsAt(NOW).build(), samples.digest(), new PepperId("ended")));

            assertThat(store.countActiveByPepper(NOW)).isEqualTo(Map.of(PEPPER, 2L, other, 1L));
        }
    }

    /** What a store promises about the revision, which each write takes first. */
    @Nested
    class Revisions {

        /** For JUnit. */
        Revisions() {}

        @Test
        void riseByOneWithEachWriteAlsoWhereNothingChanged() {
            StoredKey key = samples.unsaved(NORTH);
            KeyId id = key.key().id();
            long before = store.insert(samples.unsaved(NORTH)).revision();

            assertThat(List.of(
                            store.insert(key).revision(),
                            store.revoke(NORTH, id, REVOCATION).revision(),
                            store.revoke(NORTH, id, REVOCATION).revision(),
                            store.revoke(SOUTH, id, REVOCATION).revision()))
                    .containsExactly(before + 1, before + 2, before + 3, before + 4);
        }

        @Test
        void areStampedOnWhatChangedAndOnNothingElse() {
            StoredKey key = samples.unsaved(NORTH);
            long inserted = store.insert(key).revision();
            long revoked = store.revoke(NORTH, key.key().id(), REVOCATION).revision();
            store.revoke(NORTH, key.key().id(), REVOCATION);

            assertThat(inStore(key).insertedAt()).isEqualTo(inserted);
            assertThat(inStore(key).changedAt()).isEqualTo(revoked);
        }

        @Test
        void areNeverSharedByWritersAtTheSameTime() throws Exception {
            long before = store.insert(samples.unsaved(NORTH)).revision();

            List<Written> written = atOnce(i -> store.insert(samples.unsaved(NORTH)));

            assertThat(written)
                    .extracting(Written::revision)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(before + 1, before + THREADS)
                            .boxed()
                            .toList());
        }
    }

    /** What a store promises to many threads. */
    @Nested
    class Threads {

        /** For JUnit. */
        Threads() {}

        @Test
        void revokeAKeyOnceAndKeepTheFirstRevocation() throws Exception {
            StoredKey key = inserted(NORTH);

            List<Written> written =
                    atOnce(i -> store.revoke(NORTH, key.key().id(), revocation(NOW.plusMillis(i), "by thread " + i)));

            List<Written> transitions =
                    written.stream().filter(Written::changed).toList();
            assertThat(transitions).hasSize(1);
            StoredKey first = transitions.get(0).key().orElseThrow();
            assertThat(inStore(key)).isEqualTo(first);
            assertThat(written).allSatisfy(w -> assertThat(w.key()).contains(first));
        }

        @Test
        void insertAnIdOnce() throws Exception {
            expectOneInserted(i -> samples.unsaved(samples.key(NORTH).id(KeyId.of("the-same"))));
        }

        @Test
        void insertADigestOnce() throws Exception {
            Digest digest = samples.digest();

            expectOneInserted(i -> StoredKey.unsaved(samples.key(NORTH).build(), digest, PEPPER));
        }

        private void expectOneInserted(IntFunction<StoredKey> key) throws Exception {
            List<Boolean> inserted = atOnce(i -> {
                try {
                    return store.insert(key.apply(i)).changed();
                } catch (DuplicateKey e) {
                    return false;
                }
            });

            assertThat(inserted).containsOnlyOnce(true);
            assertThat(store.listActive(NORTH, NOW, null, THREADS)).hasSize(1);
        }

        @Test
        void seeAWriteOnceItHasReturned() throws Exception {
            List<Boolean> seen = atOnce(i -> {
                StoredKey key = inserted(NORTH);
                boolean found = store.findByDigest(key.digest()).isPresent();
                store.revoke(NORTH, key.key().id(), REVOCATION);
                StoredKey after = store.findByDigest(key.digest()).orElseThrow();
                return found && after.key().revocation().isPresent();
            });

            assertThat(seen).hasSize(THREADS).containsOnly(true);
        }
    }

    private StoredKey stored(StoredKey key) {
        return store.insert(key).key().orElseThrow();
    }

    private StoredKey inserted(TenantId tenant) {
        return stored(samples.unsaved(tenant));
    }

    private StoredKey inStore(StoredKey key) {
        return store.find(key.key().tenant(), key.key().id()).orElseThrow();
    }

    /** Lets every thread begin at the same moment, and gives what each came to. */
    private static <T> List<T> atOnce(IntFunction<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch ready = new CountDownLatch(THREADS);
            List<Future<T>> futures = IntStream.range(0, THREADS)
                    .mapToObj(i -> pool.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return task.apply(i);
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
