package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.maxAttributes;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class ReplaceContract extends ContractPart {

    ReplaceContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void predecessorExpiresAndSuccessorIsInserted() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.successorOf(key).revised(7_000, 8_000);
        ApiKey rotated = rotatedTo(successor, key);

        WriteResult result = store.replace(rotated, successor, NOW);

        long revision = result.revision();
        StoredKey replaced =
                key.changed(StoredValues.keyBuilder(rotated).version(2).build(), revision);
        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(replaced);
        assertThat(byDigest(key.digest())).contains(replaced);
        assertThat(inStore(key)).isEqualTo(replaced);
        assertThat(inStore(successor)).isEqualTo(successor.revised(revision, revision));
        assertThat(byDigest(successor.digest())).contains(inStore(successor));
    }

    @Test
    void detailsOfBothKeysAreStored() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.unsaved(
                samples.describedKey(NORTH).predecessor(key.key().id()), "acme_test_");
        ApiKey.Builder rotated = StoredValues.keyBuilder(rotatedTo(successor, key))
                .owner(PAYROLL)
                .description("Rotated")
                .attributes(maxAttributes());

        long revision = store.replace(rotated.build(), successor, NOW).revision();

        assertThat(inStore(key).key()).isEqualTo(rotated.version(2).build());
        assertThat(inStore(successor)).isEqualTo(successor.revised(revision, revision));
        assertThat(byDigest(successor.digest())).contains(inStore(successor));
    }

    @Test
    void predecessorIsRevokedAndSuccessorIsInserted() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.successorOf(key);
        ApiKey rotated = StoredValues.keyBuilder(rotatedTo(successor, key))
                .expiresAt(null)
                .revocation(REVOCATION)
                .build();

        store.replace(rotated, successor, NOW);

        assertThat(inStore(key).key())
                .isEqualTo(StoredValues.keyBuilder(rotated).version(2).build());
        assertThat(inStore(successor).key()).isEqualTo(successor.key());
    }

    @Test
    void usageOfSuccessorIsIgnored() {
        StoredKey key = inserted(NORTH);
        StoredKey successor =
                samples.unsaved(samples.key(NORTH).usage(delta(key).usage()));

        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(usageOf(successor)).isEmpty();
    }

    @Test
    void existingDigestOfSuccessorChangesNothing() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(SOUTH);

        expectRefused(key, StoredKey.unsaved(samples.key(NORTH).build(), other.digest(), PEPPER, "ck_"));
        expectRefused(key, StoredKey.unsaved(samples.key(NORTH).build(), key.digest(), PEPPER, "ck_"));
    }

    @Test
    void existingIdOfSuccessorChangesNothing() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(SOUTH);

        expectRefused(key, samples.unsaved(samples.key(NORTH).id(other.key().id())));
        expectRefused(key, samples.unsaved(samples.key(NORTH).id(key.key().id())));
        assertThat(inStore(other)).isEqualTo(other);
    }

    private void expectRefused(StoredKey key, StoredKey successor) {
        ApiKey rotated = rotatedTo(successor, key);

        assertThatThrownBy(() -> store.replace(rotated, successor, NOW)).isInstanceOf(DuplicateKeyException.class);

        assertThat(allOf(NORTH)).containsExactly(key);
    }

    @Test
    void otherVersionChangesNothing() {
        StoredKey key = inserted(NORTH);
        StoredKey first = samples.successorOf(key);
        store.replace(rotatedTo(first, key), first, NOW);

        expectUnchanged(key, NOW);
    }

    @Test
    void revokedKeyIsNotReplaced() {
        StoredKey key = inserted(NORTH);

        expectUnchanged(store.revoke(NORTH, key.key().id(), REVOCATION).key().orElseThrow(), NOW);
    }

    @Test
    void keyIsReplaceableUntilItsExpiry() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey successor = samples.successorOf(key);

        expectUnchanged(key, NOW);
        assertThat(store.replace(rotatedTo(successor, key), successor, NOW.minusMillis(1))
                        .changed())
                .isTrue();
    }

    private void expectUnchanged(StoredKey key, Instant now) {
        List<StoredKey> before = allOf(NORTH);
        StoredKey successor = samples.successorOf(key);
        ApiKey rotated = StoredValues.keyBuilder(rotatedTo(successor, key))
                .revocation(null)
                .build();

        WriteResult result = store.replace(rotated, successor, now);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(inStore(key));
        assertThat(allOf(NORTH)).isEqualTo(before);
        assertThat(byDigest(successor.digest())).isEmpty();
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        StoredKey key = inserted(NORTH);
        StoredKey successor = samples.unsaved(SOUTH);
        ApiKey stolen =
                StoredValues.keyBuilder(rotatedTo(successor, key)).tenant(SOUTH).build();

        WriteResult result = store.replace(stolen, successor, NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).isEmpty();
        assertThat(inStore(key)).isEqualTo(key);
        assertThat(allOf(SOUTH)).isEmpty();
    }

    @Test
    void replaceIgnoresMaxActiveKeys() {
        StoredKey key = inserted(NORTH);
        inserted(NORTH);
        StoredKey successor = samples.successorOf(key);

        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(2), NOW).changed())
                .isFalse();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(3), NOW).changed())
                .isTrue();
    }
}
