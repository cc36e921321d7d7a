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
        stored(samples.unsaved(samples.key(NORTH), "legacy_"));
        stored(samples.unsaved(samples.key(SOUTH), "legacy_test_"));
        stored(under(OTHER));
        stored(under(OTHER).imported("legacy_"));
        stored(under(OTHER).imported("Legacy_"));
        stored(under(PEPPER).imported("legacy_"));
        insertAll(List.of(under(PEPPER).imported("legacy_"), under(PEPPER).imported("ck_")));

        Map<DigestOrigin, Long> expected = Map.of(
                issued(PEPPER, "ck_"), 2L,
                issued(PEPPER, "legacy_"), 1L,
                issued(PEPPER, "legacy_test_"), 1L,
                issued(OTHER, "ck_"), 1L,
                imported(OTHER, "legacy_"), 1L,
                imported(OTHER, "Legacy_"), 1L,
                imported(PEPPER, "legacy_"), 2L,
                imported(PEPPER, "ck_"), 1L);
        assertThat(store.countByOrigin(NOW)).isEqualTo(expected);
        assertThat(store.originsInUse(NOW)).isEqualTo(expected.keySet());
    }

    @Test
    void issuedAndImportedKeysOfOnePrefixHaveTheirOwnOrigins() {
        StoredKey issued = stored(samples.unsaved(samples.key(NORTH), "a_"));
        StoredKey imported = stored(under(PEPPER).imported("a_"));
        stored(samples.unsaved(samples.key(NORTH).expiresAt(NOW.plusMillis(1)), "b_"));
        stored(samples.unsaved(samples.key(NORTH).expiresAt(NOW)).imported("b_"));

        store.revoke(NORTH, issued.key().id(), REVOCATION);
        expectOrigins(imported(PEPPER, "a_"), issued(PEPPER, "b_"));

        store.revoke(NORTH, imported.key().id(), REVOCATION);
        stored(samples.unsaved(samples.key(NORTH), "a_"));
        expectOrigins(issued(PEPPER, "a_"), issued(PEPPER, "b_"));
    }

    private void expectOrigins(DigestOrigin... origins) {
        assertThat(store.originsInUse(NOW)).containsExactlyInAnyOrder(origins);
        assertThat(store.countByOrigin(NOW)).containsOnlyKeys(origins);
    }

    @Test
    void inactiveKeysAreNotCounted() {
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        stored(samples.key(NORTH).expiresAt(NOW));

        assertThat(store.countByOrigin(NOW)).isEmpty();
        assertThat(store.countByOrigin(NOW.minusMillis(1))).isEqualTo(Map.of(issued(PEPPER, "ck_"), 1L));
        assertThat(store.originsInUse(NOW)).isEmpty();
        assertThat(store.originsInUse(NOW.minusMillis(1))).containsExactly(issued(PEPPER, "ck_"));
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

        expectOrigins(imported(OTHER, "a_"), imported(OTHER, "d_"), issued(new PepperId("zzz"), "ck_"));
    }

    @Test
    void countsRotatedKeyWhileActive() {
        stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)).successor(KeyId.of("the-one-after")));

        assertThat(store.countByOrigin(NOW)).isEqualTo(Map.of(issued(PEPPER, "ck_"), 1L));
    }

    private StoredKey under(PepperId pepper) {
        return StoredKey.unsaved(samples.key(NORTH).build(), samples.digest(), pepper, "ck_");
    }

    private static DigestOrigin issued(PepperId pepper, String prefix) {
        return new DigestOrigin(pepper, prefix, false);
    }

    private static DigestOrigin imported(PepperId pepper, String prefix) {
        return new DigestOrigin(pepper, prefix, true);
    }
}
