package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.maxAttributes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class InsertAllContract extends ContractPart {

    InsertAllContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void eachKeyTakesItsOwnRevisionInOrder() {
        StoredKey first = samples.unsaved(samples.describedKey(NORTH).suspension(SUSPENSION))
                .imported("legacy_");
        StoredKey second = samples.unsaved(SOUTH).imported("legacy_");
        StoredKey third = samples.unsaved(samples.key(NORTH).attributes(maxAttributes()), "acme_test_");
        long before = revisionNow();

        List<StoredKey> rows = insertedAll(List.of(first, second, third));

        assertThat(rows)
                .containsExactly(
                        first.revised(before + 1, before + 1),
                        second.revised(before + 2, before + 2),
                        third.revised(before + 3, before + 3));
        assertThat(rows).allSatisfy(row -> {
            assertThat(inStore(row)).isEqualTo(row);
            assertThat(byDigest(row.digest())).contains(row);
        });
        assertThat(revisionNow()).isEqualTo(before + 4);
    }

    @Test
    void existingKeysTakeRevisionsToo() {
        StoredKey existing = inserted(NORTH);
        StoredKey missing = samples.unsaved(NORTH);
        long before = revisionNow();

        insertAll(List.of(existing, missing, existing));

        assertThat(inStore(missing).insertRevision()).isEqualTo(before + 2);
        assertThat(revisionNow()).isEqualTo(before + 4);
    }

    @Test
    void resultSaysForEachKeyWhetherItWasInserted() {
        StoredKey existing = inserted(NORTH);
        StoredKey missing = samples.unsaved(NORTH);
        long before = revisionNow();

        List<WriteResult> results = insertAll(List.of(existing, missing, missing));

        assertThat(results).extracting(WriteResult::changed).containsExactly(false, true, false);
        assertThat(results).extracting(WriteResult::revision).containsExactly(before + 1, before + 2, before + 3);
        assertThat(results).extracting(WriteResult::lease).containsOnly(Duration.ZERO);
    }

    @Test
    void existingKeyStaysUnchanged() {
        StoredKey existing = inserted(SOUTH);
        ifUsageIsKept(usage -> usage.recordUsage(List.of(delta(existing))));
        store.revoke(SOUTH, existing.key().id(), REVOCATION);
        StoredKey revoked = inStore(existing);
        StoredKey again = StoredKey.unsaved(samples.key(NORTH).build(), existing.digest(), PEPPER, "ck_");
        StoredKey missing = samples.unsaved(NORTH);

        List<StoredKey> rows = insertedAll(List.of(again, missing));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).isEqualTo(revoked);
        assertThat(rows.get(1)).isEqualTo(inStore(missing));
        assertThat(inStore(existing)).isEqualTo(revoked);
        assertThat(find(NORTH, again.key().id())).isEmpty();
    }

    @Test
    void repeatedInsertChangesNothing() {
        List<StoredKey> batch = List.of(samples.unsaved(NORTH), samples.unsaved(SOUTH));
        List<StoredKey> first = insertedAll(batch);

        List<StoredKey> second = insertedAll(batch);

        assertThat(second).isEqualTo(first);
        assertThat(allOf(NORTH)).containsExactly(first.get(0));
    }

    @Test
    void firstCandidateOfADigestIsInserted() {
        StoredKey first = samples.unsaved(NORTH);
        StoredKey second = StoredKey.unsaved(samples.key(SOUTH).build(), first.digest(), PEPPER, "ck_");

        List<StoredKey> rows = insertedAll(List.of(first, second, first));

        StoredKey row = inStore(first);
        assertThat(rows).containsExactly(row, row, row);
        assertThat(find(SOUTH, second.key().id())).isEmpty();
    }

    @Test
    void existingIdWithAnotherDigestRefusesAll() {
        StoredKey existing = inserted(SOUTH);
        StoredKey good = samples.unsaved(NORTH);
        StoredKey bad = samples.unsaved(samples.key(NORTH).id(existing.key().id()));
        StoredKey alsoGood = samples.unsaved(NORTH);

        assertThatThrownBy(() -> insertAll(List.of(good, bad, alsoGood))).isInstanceOf(DuplicateKeyException.class);

        assertThat(allOf(NORTH)).isEmpty();
        assertThat(inStore(existing)).isEqualTo(existing);
    }

    @Test
    void twoCandidatesWithOneIdRefuseAll() {
        StoredKey one = samples.unsaved(NORTH);
        StoredKey other = samples.unsaved(samples.key(NORTH).id(one.key().id()));

        assertThatThrownBy(() -> insertAll(List.of(samples.unsaved(NORTH), one, other)))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void revisionsAndUsageOfCandidateAreIgnored() {
        StoredKey key = samples.unsaved(
                        samples.key(NORTH).usage(delta(inserted(SOUTH)).usage()))
                .revised(7_000, 8_000);

        StoredKey row = insertedAll(List.of(key)).get(0);

        assertThat(row.insertRevision()).isEqualTo(row.changeRevision()).isLessThan(7_000);
        assertThat(row.key().usage()).isEmpty();
        assertThat(inStore(key)).isEqualTo(row);
    }

    @Test
    void maximumNumberOfKeysIsInserted() {
        List<StoredKey> batch = IntStream.range(0, KeyStore.MAX_KEYS_PER_WRITE)
                .mapToObj(i -> samples.unsaved(NORTH))
                .toList();

        List<StoredKey> rows = insertedAll(batch);

        assertThat(rows)
                .extracting(StoredKey::digest)
                .isEqualTo(batch.stream().map(StoredKey::digest).toList());
        assertThat(allOf(NORTH)).isEqualTo(rows);
    }

    @Test
    void candidateWithStoredOtherDigestIsNotInserted() {
        StoredKey existing = inserted(SOUTH);
        store.revoke(SOUTH, existing.key().id(), REVOCATION);
        StoredKey again = samples.unsaved(NORTH);

        List<WriteResult> results = store.insertAll(
                List.of(new ImportCandidate(again, List.of(samples.digest(), existing.digest(), samples.digest()))));

        assertThat(results).extracting(WriteResult::changed).containsExactly(false);
        assertThat(results.get(0).key()).contains(inStore(existing));
        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void ownDigestTakesPrecedenceOverOthers() {
        StoredKey other = inserted(SOUTH);
        StoredKey own = inserted(SOUTH);
        StoredKey again = StoredKey.unsaved(samples.key(NORTH).build(), own.digest(), PEPPER, "ck_");

        List<WriteResult> results = store.insertAll(List.of(new ImportCandidate(again, List.of(other.digest()))));

        assertThat(results.get(0).key()).contains(own);
    }

    @Test
    void candidatesSharingADigestAreOneKey() {
        StoredKey first = samples.unsaved(NORTH);
        StoredKey second = samples.unsaved(NORTH);
        StoredKey third = samples.unsaved(NORTH);
        Digest common = samples.digest();

        List<WriteResult> results = store.insertAll(List.of(
                new ImportCandidate(first, List.of(second.digest(), common)),
                new ImportCandidate(second, List.of(first.digest())),
                new ImportCandidate(third, List.of(common))));

        assertThat(results).extracting(WriteResult::changed).containsExactly(true, false, false);
        assertThat(results).extracting(WriteResult::key).containsOnly(Optional.of(inStore(first)));
        assertThat(allOf(NORTH)).hasSize(1);
    }

    @Test
    void otherDigestsAreNotStored() {
        StoredKey key = samples.unsaved(NORTH);
        Digest other = samples.digest();

        store.insertAll(List.of(new ImportCandidate(key, List.of(other))));

        assertThat(byDigest(other)).isEmpty();
        assertThat(byDigest(key.digest())).isPresent();
    }

    @Test
    void insertAllIgnoresMaxActiveKeys() {
        inserted(NORTH);
        insertAll(List.of(samples.unsaved(NORTH)));

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(2), NOW).changed())
                .isFalse();
    }
}
