package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.spi.Changes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyCacheTest {

    private static final TenantId NORTH = TenantId.of("north");
    private static final LookupResult UNKNOWN = new LookupResult(true, null, 1);

    private final KeyCache entries = new KeyCache(3);

    @Test
    void fillStaysUntilItsEviction() {
        fill(1);
        LookupResult second = fill(2);

        entries.apply(changes(2, List.of(id(1), id(7)), List.of()));

        assertThat(entries.get(name(1))).isNull();
        assertThat(entries.get(NORTH, id(1))).isNull();
        assertThat(entries.get(name(2))).extracting(LookupResult::key).isEqualTo(second.key());
        entries.flush(2);
        assertThat(entries.get(name(2))).isNull();
        assertThat(entries.get(NORTH, id(2))).isNull();
        assertThat(entries.keys()).isZero();
    }

    @Test
    void fillOlderThanItsEvictionIsRefused() {
        entries.apply(changes(5, List.of(id(1)), List.of()));

        assertThat(entries.fill(name(1), found(1, 4), entries.epoch())).isNull();
        assertThat(entries.get(name(1))).isNull();
        assertThat(entries.fill(name(1), found(1, 5), entries.epoch())).isNotNull();
    }

    @Test
    void fillOlderThanTheEvictionOfItsTenantIsRefused() {
        entries.apply(changes(5, List.of(), List.of(NORTH)));

        assertThat(entries.fill(name(1), found(1, 4), entries.epoch())).isNull();
        assertThat(entries.fill(name(2), new LookupResult(true, SampleKeys.key("south", "key2"), 4), entries.epoch()))
                .isNotNull();
    }

    @Test
    void slowLookupIsCachedWhateverElseWasWritten() {
        for (long revision = 2; revision < 200; revision++) {
            entries.apply(changes(revision, List.of(id(7), id(8)), List.of(TenantId.of("south"))));
        }

        assertThat(entries.fill(name(1), found(1, 1), entries.epoch())).isNotNull();
    }

    @Test
    void lookupOlderThanTheLogIsRefused() {
        for (int i = 0; i <= 10_000; i++) {
            entries.apply(changes(i + 2, List.of(KeyId.of("other" + i)), List.of()));
        }

        assertThat(entries.fill(name(1), found(1, 1), entries.epoch())).isNull();
        assertThat(entries.fill(name(1), found(1, 2), entries.epoch())).isNotNull();
    }

    @Test
    void fillFromBeforeAFlushIsRefusedThoughItsRevisionIsLater() {
        long before = entries.epoch();

        entries.flush(3);

        assertThat(entries.fill(name(1), found(1, 9), before)).isNull();
        assertThat(entries.fill(name(1), found(1, 3), entries.epoch())).isNotNull();
    }

    @Test
    void tenantIsEvictedAloneAndToTheLast() {
        KeyCache large = new KeyCache(10_000);
        for (int i = 0; i < 5000; i++) {
            large.fill(name(i), new LookupResult(true, SampleKeys.key("north", "n" + i), 1), large.epoch());
            large.fill(name(i + 5000), new LookupResult(true, SampleKeys.key("south", "s" + i), 1), large.epoch());
        }

        large.apply(changes(2, List.of(), List.of(NORTH)));

        assertThat(large.keys()).isEqualTo(5000);
        assertThat(IntStream.range(0, 10_000).filter(i -> large.get(name(i)) != null))
                .hasSize(5000)
                .allMatch(i -> i >= 5000);
    }

    @Test
    void keyCachedByItsIdIsFoundByItAndEvicted() {
        entries.fill(null, found(1), entries.epoch());

        assertThat(entries.get(NORTH, id(1))).isNotNull();
        assertThat(entries.get(TenantId.of("south"), id(1))).isNull();
        fill(1);
        assertThat(entries.keys()).isEqualTo(1);
        assertThat(entries.get(name(1))).isSameAs(entries.get(NORTH, id(1)));
        entries.apply(changes(2, List.of(id(1)), List.of()));
        assertThat(entries.get(NORTH, id(1))).isNull();
    }

    @Test
    void keysCachedByTheirIdsMakeRoomToo() {
        IntStream.range(0, 10).forEach(i -> entries.fill(null, found(i), entries.epoch()));

        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void whereThereIsNoRoomTheKeyGoesThatNobodyHasUsedSinceItWasLastLookedAt() {
        fill(1);
        fill(2);
        fill(3);
        entries.get(name(1));
        entries.get(name(3));

        fill(4);

        assertThat(entries.get(name(2))).isNull();
        assertThat(IntStream.of(1, 3, 4).mapToObj(i -> entries.get(name(i)))).doesNotContainNull();
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void whereAllAreUsedOneGoesAllTheSame() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);
        IntStream.rangeClosed(1, 3).forEach(i -> entries.get(name(i)));

        fill(4);

        assertThat(entries.get(name(4))).isNotNull();
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> entries.get(name(i)) != null))
                .hasSize(2);
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void noTextThatBelongsToNoKeyTakesTheRoomOfAKeyAndTheOldestOfThemGo() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);

        for (int i = 10; i < 10 + 2000; i++) {
            assertThat(entries.fill(name(i), UNKNOWN, entries.epoch())).isNotNull();
        }

        assertThat(IntStream.rangeClosed(1, 3).mapToObj(i -> entries.get(name(i))))
                .doesNotContainNull();
        assertThat(IntStream.range(10, 2010).filter(i -> entries.get(name(i)) != null))
                .hasSize(1024)
                .first()
                .isEqualTo(2010 - 1024);
        assertThat(entries.keys()).isEqualTo(3);
    }

    @Test
    void unknownTextsGoOnceAKeyIsInsertedAndNotBefore() {
        entries.fill(name(10), UNKNOWN, entries.epoch());

        entries.apply(changes(2, List.of(id(1)), List.of(NORTH)));
        assertThat(entries.get(name(10))).extracting(LookupResult::recognized).isEqualTo(true);
        entries.apply(Changes.of(3, 3, Duration.ZERO, List.of(), List.of(), true));
        assertThat(entries.get(name(10))).isNull();
        assertThat(entries.fill(name(10), new LookupResult(true, null, 2), entries.epoch()))
                .isNull();
        assertThat(entries.fill(name(10), new LookupResult(true, null, 3), entries.epoch()))
                .isNotNull();
    }

    @Test
    void ofTwoTextsOfOneKeyTheLastIsRememberedSoThatNoneEscapes() {
        entries.fill(name(1), found(1), entries.epoch());
        entries.fill(name(2), found(1), entries.epoch());

        assertThat(entries.get(name(1))).isNull();
        entries.apply(changes(2, List.of(id(1)), List.of()));
        assertThat(entries.get(name(2))).isNull();
    }

    @Test
    void searchForAnEntryToEvictIsBounded() {
        KeyCache large = new KeyCache(2000);
        for (int i = 0; i < 2000; i++) {
            large.fill(name(i), new LookupResult(true, SampleKeys.key("north", "n" + i), 1), large.epoch());
        }
        IntStream.range(0, 2000).forEach(i -> large.get(name(i)));

        large.fill(name(2000), new LookupResult(true, SampleKeys.key("north", "n2000"), 1), large.epoch());
        // The second search goes on where the first one ended, and would find the first entry unused had that gone
        // round.
        assertThat(IntStream.range(0, 2000).filter(i -> large.get(name(i)) != null))
                .hasSize(1999);
        assertThat(large.get(name(2000))).isNotNull();
    }

    @Test
    void whatKeysHaveInCommonIsKeptOnce() {
        ApiKey first = key(fill(1));
        ApiKey second = key(fill(2));
        assertThat(first.tenant()).isNotSameAs(second.tenant());

        ApiKey one = key(entries.get(name(1)));
        ApiKey other = key(entries.get(name(2)));

        assertThat(List.of(one, other)).containsExactly(first, second);
        assertThat(one.tenant()).isSameAs(other.tenant());
        assertThat(one.scopes()).isSameAs(other.scopes());
        assertThat(one.createdBy()).isSameAs(other.createdBy());
    }

    private static ApiKey key(@Nullable LookupResult found) {
        return Objects.requireNonNull(Objects.requireNonNull(found).key());
    }

    private LookupResult fill(int number) {
        LookupResult found = found(number);
        assertThat(entries.fill(name(number), found, entries.epoch())).isNotNull();
        return found;
    }

    private static LookupResult found(int number) {
        return found(number, 1);
    }

    private static LookupResult found(int number, long revision) {
        return new LookupResult(true, SampleKeys.key("north", id(number).value()), revision);
    }

    private static Changes changes(long revision, List<KeyId> keys, List<TenantId> tenants) {
        return Changes.of(revision, revision, Duration.ZERO, keys, tenants, false);
    }

    private static KeyId id(int number) {
        return KeyId.of("key" + number);
    }

    private static Fingerprint name(int number) {
        return new Fingerprint(number, -number);
    }
}
