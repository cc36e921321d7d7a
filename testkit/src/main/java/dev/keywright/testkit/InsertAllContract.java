package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class InsertAllContract extends ContractPart {

    private static final int MOST = 1000;

    InsertAllContract(Supplier<KeyStore> made) {
        super(made);
    }

    @Test
    void givesEachKeyARevisionOfItsOwnInTheirOrder() {
        StoredKey first = samples.unsaved(NORTH).imported("legacy_");
        StoredKey second = samples.unsaved(SOUTH).imported("legacy_");
        StoredKey third = samples.unsaved(NORTH).imported("old-");
        long before = revisionNow();

        List<StoredKey> rows = insertedAll(List.of(first, second, third));

        assertThat(rows)
                .containsExactly(
                        first.revised(before + 1, before + 1),
                        second.revised(before + 2, before + 2),
                        third.revised(before + 3, before + 3));
        assertThat(rows).allSatisfy(row -> {
            assertThat(inStore(row)).isEqualTo(row);
            assertThat(store.findByDigest(row.digest())).contains(row);
        });
        assertThat(revisionNow()).isEqualTo(before + 4);
    }

    @Test
    void takesARevisionForEachKeyAlsoWhereItIsThereAlready() {
        StoredKey there = inserted(NORTH);
        StoredKey missing = samples.unsaved(NORTH);
        long before = revisionNow();

        store.insertAll(List.of(there, missing, there));

        assertThat(inStore(missing).insertedAt()).isEqualTo(before + 2);
        assertThat(revisionNow()).isEqualTo(before + 4);
    }

    @Test
    void saysOfEachWhetherItWasAddedAndTheRevisionItTook() {
        StoredKey there = inserted(NORTH);
        StoredKey missing = samples.unsaved(NORTH);
        long before = revisionNow();

        List<Written> written = store.insertAll(List.of(there, missing, missing));

        assertThat(written).extracting(Written::changed).containsExactly(false, true, false);
        assertThat(written).extracting(Written::revision).containsExactly(before + 1, before + 2, before + 3);
        assertThat(written).extracting(Written::lease).containsOnly(Duration.ZERO);
    }

    @Test
    void leavesWhatIsThereAsItIsHoweverItHasChangedSince() {
        StoredKey there = inserted(SOUTH);
        store.recordUses(List.of(use(there)), NOW);
        store.revoke(SOUTH, there.key().id(), REVOCATION);
        StoredKey revoked = inStore(there);
        StoredKey again = StoredKey.unsaved(samples.key(NORTH).build(), there.digest(), PEPPER);
        StoredKey missing = samples.unsaved(NORTH);

        List<StoredKey> rows = insertedAll(List.of(again, missing));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).isEqualTo(revoked);
        assertThat(rows.get(1)).isEqualTo(inStore(missing));
        assertThat(inStore(there)).isEqualTo(revoked);
        assertThat(store.find(NORTH, again.key().id())).isEmpty();
    }

    @Test
    void changesNothingWhenItIsRepeated() {
        List<StoredKey> batch = List.of(samples.unsaved(NORTH), samples.unsaved(SOUTH));
        List<StoredKey> first = insertedAll(batch);

        List<StoredKey> second = insertedAll(batch);

        assertThat(second).isEqualTo(first);
        assertThat(allOf(NORTH)).containsExactly(first.get(0));
    }

    @Test
    void addsTheFirstOfThoseWithOneDigest() {
        StoredKey first = samples.unsaved(NORTH);
        StoredKey second = StoredKey.unsaved(samples.key(SOUTH).build(), first.digest(), PEPPER);

        List<StoredKey> rows = insertedAll(List.of(first, second, first));

        StoredKey row = inStore(first);
        assertThat(rows).containsExactly(row, row, row);
        assertThat(store.find(SOUTH, second.key().id())).isEmpty();
    }

    @Test
    void addsNoneWhereAnIdIsThereUnderAnotherDigest() {
        StoredKey there = inserted(SOUTH);
        StoredKey good = samples.unsaved(NORTH);
        StoredKey bad = samples.unsaved(samples.key(NORTH).id(there.key().id()));
        StoredKey alsoGood = samples.unsaved(NORTH);

        assertThatThrownBy(() -> store.insertAll(List.of(good, bad, alsoGood))).isInstanceOf(DuplicateKey.class);

        assertThat(allOf(NORTH)).isEmpty();
        assertThat(inStore(there)).isEqualTo(there);
    }

    @Test
    void addsNoneWhereTwoHaveOneIdAndTwoDigests() {
        StoredKey one = samples.unsaved(NORTH);
        StoredKey other = samples.unsaved(samples.key(NORTH).id(one.key().id()));

        assertThatThrownBy(() -> store.insertAll(List.of(samples.unsaved(NORTH), one, other)))
                .isInstanceOf(DuplicateKey.class);

        assertThat(allOf(NORTH)).isEmpty();
    }

    @Test
    void ignoresTheRevisionsAndTheUsageThatAKeyBrings() {
        StoredKey key = samples.unsaved(
                        samples.key(NORTH).usage(use(inserted(SOUTH)).usage()))
                .revised(7_000, 8_000);

        StoredKey row = insertedAll(List.of(key)).get(0);

        assertThat(row.insertedAt()).isEqualTo(row.changedAt()).isLessThan(7_000);
        assertThat(row.key().usage()).isEmpty();
        assertThat(inStore(key)).isEqualTo(row);
    }

    @Test
    void takesAThousandAtOnce() {
        List<StoredKey> batch =
                IntStream.range(0, MOST).mapToObj(i -> samples.unsaved(NORTH)).toList();

        List<StoredKey> rows = insertedAll(batch);

        assertThat(rows)
                .extracting(StoredKey::digest)
                .isEqualTo(batch.stream().map(StoredKey::digest).toList());
        assertThat(allOf(NORTH)).isEqualTo(rows);
    }

    @Test
    void looksAtNoLimit() {
        inserted(NORTH);
        store.insertAll(List.of(samples.unsaved(NORTH)));

        assertThat(store.insert(samples.unsaved(NORTH), 2, NOW).changed()).isFalse();
    }
}
