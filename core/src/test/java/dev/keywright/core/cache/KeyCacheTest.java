package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.KeyFinder;
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
    private static final LookupResult UNKNOWN = new LookupResult(null, 1);

    private final KeyCache cache = new KeyCache(3);

    @Test
    void fillStaysUntilItsEviction() {
        fill(1);
        LookupResult second = fill(2);

        cache.apply(changes(2, List.of(id(1), id(7)), List.of()));

        assertThat(cache.get(fingerprint(1))).isNull();
        assertThat(cache.get(NORTH, id(1))).isNull();
        assertThat(cache.get(fingerprint(2)))
                .extracting(entry -> entry.lookupResult().key())
                .isEqualTo(second.key());
        cache.flush(2);
        assertThat(cache.get(fingerprint(2))).isNull();
        assertThat(cache.get(NORTH, id(2))).isNull();
        assertThat(cache.keys()).isZero();
    }

    @Test
    void fillOlderThanItsEvictionIsRefused() {
        cache.apply(changes(5, List.of(id(1)), List.of()));

        assertThat(cache.fill(fingerprint(1), found(1, 4), cache.epoch())).isNull();
        assertThat(cache.get(fingerprint(1))).isNull();
        assertThat(cache.fill(fingerprint(1), found(1, 5), cache.epoch())).isNotNull();
    }

    @Test
    void fillOlderThanTheEvictionOfItsTenantIsRefused() {
        cache.apply(changes(5, List.of(), List.of(NORTH)));

        assertThat(cache.fill(fingerprint(1), found(1, 4), cache.epoch())).isNull();
        assertThat(cache.fill(fingerprint(2), new LookupResult(SampleKeys.key("south", "key2"), 4), cache.epoch()))
                .isNotNull();
    }

    @Test
    void slowLookupIsCachedDespiteOtherWrites() {
        for (long revision = 2; revision < 200; revision++) {
            cache.apply(changes(revision, List.of(id(7), id(8)), List.of(TenantId.of("south"))));
        }

        assertThat(cache.fill(fingerprint(1), found(1, 1), cache.epoch())).isNotNull();
    }

    @Test
    void lookupOlderThanTheLogIsRefused() {
        for (int i = 0; i <= 10_000; i++) {
            cache.apply(changes(i + 2, List.of(KeyId.of("other" + i)), List.of()));
        }

        assertThat(cache.fill(fingerprint(1), found(1, 1), cache.epoch())).isNull();
        assertThat(cache.fill(fingerprint(1), found(1, 2), cache.epoch())).isNotNull();
    }

    @Test
    void fillFromBeforeAFlushIsRefused() {
        long before = cache.epoch();

        cache.flush(3);

        assertThat(cache.fill(fingerprint(1), found(1, 9), before)).isNull();
        assertThat(cache.fill(fingerprint(1), found(1, 3), cache.epoch())).isNotNull();
    }

    @Test
    void tenantEvictionEvictsAllItsKeysAndNoOthers() {
        KeyCache large = new KeyCache(10_000);
        for (int i = 0; i < 5000; i++) {
            large.fill(fingerprint(i), new LookupResult(SampleKeys.key("north", "n" + i), 1), large.epoch());
            large.fill(fingerprint(i + 5000), new LookupResult(SampleKeys.key("south", "s" + i), 1), large.epoch());
        }

        large.apply(changes(2, List.of(), List.of(NORTH)));

        assertThat(large.keys()).isEqualTo(5000);
        assertThat(IntStream.range(0, 10_000).filter(i -> large.get(fingerprint(i)) != null))
                .hasSize(5000)
                .allMatch(i -> i >= 5000);
    }

    @Test
    void keyCachedByIdIsFoundAndEvicted() {
        cache.fill(null, found(1), cache.epoch());

        assertThat(cache.get(NORTH, id(1))).isNotNull();
        assertThat(cache.get(TenantId.of("south"), id(1))).isNull();
        fill(1);
        assertThat(cache.keys()).isEqualTo(1);
        assertThat(cache.get(fingerprint(1))).isSameAs(cache.get(NORTH, id(1)));
        cache.apply(changes(2, List.of(id(1)), List.of()));
        assertThat(cache.get(NORTH, id(1))).isNull();
    }

    @Test
    void keysCachedByIdAreBounded() {
        IntStream.range(0, 10).forEach(i -> cache.fill(null, found(i), cache.epoch()));

        assertThat(cache.keys()).isEqualTo(3);
    }

    @Test
    void fullCacheEvictsAnUnusedKey() {
        fill(1);
        fill(2);
        fill(3);
        cache.get(fingerprint(1));
        cache.get(fingerprint(3));

        fill(4);

        assertThat(cache.get(fingerprint(2))).isNull();
        assertThat(IntStream.of(1, 3, 4).mapToObj(i -> cache.get(fingerprint(i))))
                .doesNotContainNull();
        assertThat(cache.keys()).isEqualTo(3);
    }

    @Test
    void fullCacheOfUsedKeysEvictsOne() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);
        IntStream.rangeClosed(1, 3).forEach(i -> cache.get(fingerprint(i)));

        fill(4);

        assertThat(cache.get(fingerprint(4))).isNotNull();
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> cache.get(fingerprint(i)) != null))
                .hasSize(2);
        assertThat(cache.keys()).isEqualTo(3);
    }

    @Test
    void unknownTextsAreBoundedAndDisplaceNoKeys() {
        IntStream.rangeClosed(1, 3).forEach(this::fill);

        for (int i = 10; i < 10 + 2000; i++) {
            assertThat(cache.fill(fingerprint(i), UNKNOWN, cache.epoch())).isNotNull();
        }

        assertThat(IntStream.rangeClosed(1, 3).mapToObj(i -> cache.get(fingerprint(i))))
                .doesNotContainNull();
        assertThat(IntStream.range(10, 2010).filter(i -> cache.get(fingerprint(i)) != null))
                .hasSize(1024)
                .first()
                .isEqualTo(2010 - 1024);
        assertThat(cache.keys()).isEqualTo(3);
    }

    @Test
    void insertionEvictsUnknownTexts() {
        cache.fill(fingerprint(10), UNKNOWN, cache.epoch());

        cache.apply(changes(2, List.of(id(1)), List.of(NORTH)));
        assertThat(cache.get(fingerprint(10)))
                .extracting(entry -> entry.lookupResult().recognized())
                .isEqualTo(true);
        cache.apply(Changes.of(3, 3, Duration.ZERO, List.of(), List.of(), true));
        assertThat(cache.get(fingerprint(10))).isNull();
        assertThat(cache.fill(fingerprint(10), new LookupResult(null, 2), cache.epoch()))
                .isNull();
        assertThat(cache.fill(fingerprint(10), new LookupResult(null, 3), cache.epoch()))
                .isNotNull();
    }

    @Test
    void onlyTheLastTextOfAKeyIsCached() {
        cache.fill(fingerprint(1), found(1), cache.epoch());
        cache.fill(fingerprint(2), found(1), cache.epoch());

        assertThat(cache.get(fingerprint(1))).isNull();
        cache.apply(changes(2, List.of(id(1)), List.of()));
        assertThat(cache.get(fingerprint(2))).isNull();
    }

    @Test
    void searchForAnEntryToEvictIsBounded() {
        KeyCache large = new KeyCache(2000);
        for (int i = 0; i < 2000; i++) {
            large.fill(fingerprint(i), new LookupResult(SampleKeys.key("north", "n" + i), 1), large.epoch());
        }
        IntStream.range(0, 2000).forEach(i -> large.get(fingerprint(i)));

        large.fill(fingerprint(2000), new LookupResult(SampleKeys.key("north", "n2000"), 1), large.epoch());
        // The second search continues after the first one. If the first one had inspected the whole cache, the second
        // one would find the first entry unused.
        assertThat(IntStream.range(0, 2000).filter(i -> large.get(fingerprint(i)) != null))
                .hasSize(1999);
        assertThat(large.get(fingerprint(2000))).isNotNull();
    }

    @Test
    void sharedPartsOfKeysAreKeptOnce() {
        ApiKey first = key(fill(1));
        ApiKey second = key(fill(2));
        assertThat(first.tenant()).isNotSameAs(second.tenant());

        ApiKey one = key(cache.get(fingerprint(1)));
        ApiKey other = key(cache.get(fingerprint(2)));

        assertThat(List.of(one, other)).containsExactly(first, second);
        assertThat(one.tenant()).isSameAs(other.tenant());
        assertThat(one.scopes()).isSameAs(other.scopes());
        assertThat(one.createdBy()).isSameAs(other.createdBy());
    }

    private static ApiKey key(KeyFinder.@Nullable Result found) {
        return Objects.requireNonNull(
                Objects.requireNonNull(found).lookupResult().key());
    }

    private LookupResult fill(int number) {
        LookupResult found = found(number);
        assertThat(cache.fill(fingerprint(number), found, cache.epoch())).isNotNull();
        return found;
    }

    private static LookupResult found(int number) {
        return found(number, 1);
    }

    private static LookupResult found(int number, long revision) {
        return new LookupResult(SampleKeys.key("north", id(number).value()), revision);
    }

    private static Changes changes(long revision, List<KeyId> keys, List<TenantId> tenants) {
        return Changes.of(revision, revision, Duration.ZERO, keys, tenants, false);
    }

    private static KeyId id(int number) {
        return KeyId.of("key" + number);
    }

    private static Fingerprint fingerprint(int number) {
        return new Fingerprint(number, -number);
    }
}
