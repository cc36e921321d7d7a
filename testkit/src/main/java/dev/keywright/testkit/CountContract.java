package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class CountContract extends ContractPart {

    private static final PepperId OTHER = new PepperId("none");

    CountContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void countsActiveKeysByPepperAndFormat() {
        inserted(NORTH);
        inserted(SOUTH);
        stored(under(OTHER));
        stored(under(OTHER).imported("legacy_"));
        stored(under(OTHER).imported("Legacy_"));
        stored(under(PEPPER).imported("legacy_"));
        stored(StoredKey.unsaved(samples.key(NORTH).build(), samples.digest(), PEPPER, "ck_test_"));
        insertAll(List.of(under(PEPPER).imported("legacy_"), under(PEPPER).imported("ck_")));

        Map<DigestOrigin, Long> expected = Map.of(
                new DigestOrigin(PEPPER, "ck_test_", false),
                1L,
                origin(PEPPER, null),
                2L,
                origin(OTHER, null),
                1L,
                origin(OTHER, "legacy_"),
                1L,
                origin(OTHER, "Legacy_"),
                1L,
                origin(PEPPER, "legacy_"),
                2L,
                origin(PEPPER, "ck_"),
                1L);
        assertThat(store.countByOrigin(NOW)).isEqualTo(expected);
        assertThat(store.originsInUse(NOW)).isEqualTo(expected.keySet());
    }

    @Test
    void inactiveKeysAreNotCounted() {
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        stored(samples.key(NORTH).expiresAt(NOW));

        assertThat(store.countByOrigin(NOW)).isEmpty();
        assertThat(store.countByOrigin(NOW.minusMillis(1))).isEqualTo(Map.of(origin(PEPPER, null), 1L));
        assertThat(store.originsInUse(NOW)).isEmpty();
        assertThat(store.originsInUse(NOW.minusMillis(1))).containsExactly(origin(PEPPER, null));
    }

    @Test
    void originsInUseIgnoreInactiveKeys() {
        stored(under(OTHER).imported("a_"));
        StoredKey revoked = stored(under(OTHER).imported("b_"));
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        stored(StoredKey.unsaved(samples.key(NORTH).expiresAt(NOW).build(), samples.digest(), OTHER, "ck_")
                .imported("c_"));
        stored(StoredKey.unsaved(
                        samples.key(NORTH).expiresAt(NOW.plusMillis(1)).build(), samples.digest(), OTHER, "ck_")
                .imported("d_"));
        stored(under(new PepperId("zzz")));

        assertThat(store.originsInUse(NOW))
                .containsExactlyInAnyOrder(origin(OTHER, "a_"), origin(OTHER, "d_"), origin(new PepperId("zzz"), null));
        assertThat(store.countByOrigin(NOW).keySet()).isEqualTo(store.originsInUse(NOW));
    }

    @Test
    void countsRotatedKeyWhileActive() {
        stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)).successor(KeyId.of("the-one-after")));

        assertThat(store.countByOrigin(NOW)).isEqualTo(Map.of(origin(PEPPER, null), 1L));
    }

    private StoredKey under(PepperId pepper) {
        return StoredKey.unsaved(samples.key(NORTH).build(), samples.digest(), pepper, "ck_");
    }

    private static DigestOrigin origin(PepperId pepper, @Nullable String importedAs) {
        return new DigestOrigin(pepper, importedAs == null ? "ck_" : importedAs, importedAs != null);
    }
}
