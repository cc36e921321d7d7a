package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.Threads.inParallel;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class InsertRaces extends ContractPart {

    private static final int THREADS = 16;
    private static final int ROUNDS = 20;

    InsertRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void concurrentInsertsOfOneIdInsertOne() throws Exception {
        expectOneInserted(i -> samples.unsaved(samples.key(NORTH).id(KeyId.of("the-same"))));
    }

    @Test
    void concurrentInsertsOfOneDigestInsertOne() throws Exception {
        Digest digest = samples.digest();

        expectOneInserted(i -> StoredKey.unsaved(samples.key(NORTH).build(), digest, PEPPER, "ck_"));
    }

    @Test
    void concurrentInsertsForOneRequestInsertOne() throws Exception {
        Digest request = samples.digest();
        long before = revisionNow();

        List<WriteResult> results = inParallel(
                THREADS, i -> store.insert(samples.unsaved(NORTH).issuedFor(request), ActiveKeyLimits.UNLIMITED, NOW));

        List<StoredKey> all = allOf(NORTH);
        assertThat(all).hasSize(1);
        assertThat(results).extracting(WriteResult::key).containsOnly(Optional.of(all.get(0)));
        assertThat(results)
                .filteredOn(WriteResult::changed)
                .extracting(WriteResult::revision)
                .containsExactly(before + 1);
    }

    private void expectOneInserted(Threads.Task<StoredKey> key) throws Exception {
        List<Boolean> inserted = inParallel(THREADS, i -> {
            try {
                return store.insert(key.run(i), ActiveKeyLimits.UNLIMITED, NOW).changed();
            } catch (DuplicateKeyException e) {
                return false;
            }
        });

        assertThat(inserted).containsOnlyOnce(true);
        assertThat(allOf(NORTH)).hasSize(1);
    }

    @Test
    void concurrentInsertsTakeDistinctRevisions() throws Exception {
        long before = revisionNow();

        List<WriteResult> results =
                inParallel(THREADS, i -> store.insert(samples.unsaved(NORTH), ActiveKeyLimits.UNLIMITED, NOW));

        assertThat(results)
                .extracting(WriteResult::revision)
                .containsExactlyInAnyOrderElementsOf(revisions(before, THREADS));
    }

    @Test
    void maxActiveKeysHoldsUnderConcurrency() throws Exception {
        int writers = 32;
        inserted(NORTH, 3);
        long before = revisionNow();

        List<WriteResult> results = inParallel(writers, i -> store.insert(samples.unsaved(NORTH), ofTenant(10), NOW));

        // The first writes insert; the later ones find the limit reached.
        assertThat(results)
                .filteredOn(WriteResult::changed)
                .extracting(WriteResult::revision)
                .containsExactlyInAnyOrderElementsOf(revisions(before, 7));
        assertThat(results)
                .extracting(WriteResult::revision)
                .containsExactlyInAnyOrderElementsOf(revisions(before, writers));
        assertThat(allOf(NORTH)).hasSize(10);
    }

    @Test
    void limitOfAnOwnerHoldsUnderConcurrency() throws Exception {
        KeyOwner payroll = KeyOwner.service("payroll");
        ActiveKeyLimits limits = new ActiveKeyLimits(Integer.MAX_VALUE, 3);

        List<WriteResult> results = inParallel(
                THREADS, i -> store.insert(samples.unsaved(samples.key(NORTH).owner(payroll)), limits, NOW));

        assertThat(results).filteredOn(WriteResult::changed).hasSize(3);
        assertThat(allOf(NORTH)).hasSize(3);
    }

    @Test
    void rotationAtTheLimitAllowsNoInsert() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            StoredKey successor = samples.successorOf(key);

            race(
                    () -> assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW)
                                    .changed())
                            .isFalse(),
                    () -> store.replace(rotatedTo(successor, key), successor, NOW));

            store.revokeAll(NORTH, REVOCATION);
        }
    }

    @Test
    void digestOfSeveralBatchesIsInsertedOnce() throws Exception {
        int shared = 20;
        int own = 5;
        int writers = 8;
        List<Digest> digests = Stream.generate(samples::digest).limit(shared).toList();

        List<List<StoredKey>> rows = inParallel(writers, i -> {
            List<StoredKey> batch = new ArrayList<>();
            digests.forEach(
                    digest -> batch.add(StoredKey.unsaved(samples.key(NORTH).build(), digest, PEPPER, "ck_")));
            IntStream.range(0, own).forEach(n -> batch.add(samples.unsaved(NORTH)));
            // In another order in each thread: a store that locks key by key would deadlock.
            Collections.rotate(batch, 3 * i);
            List<StoredKey> added = insertedAll(batch);
            assertThat(added).extracting(StoredKey::digest).isEqualTo(digestsOf(batch));
            return added;
        });

        List<StoredKey> all = allOf(NORTH);
        assertThat(all).hasSize(shared + writers * own);
        assertThat(all).extracting(StoredKey::insertRevision).doesNotHaveDuplicates();
        assertThat(digestsOf(all)).doesNotHaveDuplicates().containsAll(digests);
        assertThat(rows).allSatisfy(added -> assertThat(all).containsAll(added));
    }

    /** Two nodes issue under different peppers, and each also accepts the pepper of the other. */
    @Test
    void textIsStoredOnceUnderAnyPepper() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Digest> old = Stream.generate(samples::digest).limit(7).toList();
            List<Digest> next = Stream.generate(samples::digest).limit(7).toList();

            List<List<WriteResult>> results = inParallel(
                    4,
                    node -> store.insertAll(node % 2 == 0 ? candidates(old, next, node) : candidates(next, old, node)));

            for (int text = 0; text < old.size(); text++) {
                List<StoredKey> rows = Stream.of(old.get(text), next.get(text))
                        .flatMap(digest -> byDigest(digest).stream())
                        .toList();
                assertThat(rows).hasSize(1);
                assertThat(results)
                        .flatExtracting(batch -> batch)
                        .filteredOn(result -> result.key().equals(Optional.of(rows.get(0))))
                        .hasSize(4)
                        .filteredOn(WriteResult::changed)
                        .hasSize(1);
            }
        }
    }

    private List<ImportCandidate> candidates(List<Digest> own, List<Digest> others, int rotated) {
        List<ImportCandidate> candidates = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            StoredKey key = StoredKey.unsaved(samples.key(NORTH).build(), own.get(i), PEPPER, "ck_");
            candidates.add(new ImportCandidate(key, List.of(others.get(i))));
        }
        Collections.rotate(candidates, 3 * rotated);
        return candidates;
    }

    @Test
    void writerReadsItsOwnWrites() throws Exception {
        List<Boolean> seen = inParallel(THREADS, i -> {
            StoredKey key = inserted(NORTH);
            boolean found = byDigest(key.digest()).isPresent();
            store.revoke(NORTH, key.key().id(), REVOCATION);
            StoredKey after = byDigest(key.digest()).orElseThrow();
            return found && after.key().revocation().isPresent();
        });

        assertThat(seen).hasSize(THREADS).containsOnly(true);
    }

    private static List<Digest> digestsOf(List<StoredKey> keys) {
        return keys.stream().map(StoredKey::digest).toList();
    }

    private static List<Long> revisions(long before, int count) {
        return LongStream.rangeClosed(before + 1, before + count).boxed().toList();
    }
}
