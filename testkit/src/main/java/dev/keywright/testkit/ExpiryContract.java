package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class ExpiryContract extends ContractPart {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant SOON = NOW.plus(HOUR);
    private static final int ALL = 1000;

    ExpiryContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void claimsActiveKeysThatExpireSoon() {
        StoredKey next = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)));
        StoredKey last = stored(samples.key(SOUTH).expiresAt(SOON));
        stored(samples.key(NORTH).expiresAt(NOW));
        stored(samples.key(NORTH).expiresAt(SOON.plusMillis(1)));
        stored(samples.key(NORTH).expiresAt(SOON).revocation(REVOCATION));
        inserted(NORTH);

        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).containsExactlyInAnyOrder(next, last);
    }

    @Test
    void claimsKeyOnceEvenIfExpiryChanges() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(SOON));
        usage().claimExpiring(NOW, HOUR, ALL);
        StoredKey successor = samples.successorOf(key);
        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).isEmpty();
    }

    @Test
    void keyIsClaimedOnceItExpiresSoon() {
        StoredKey later = stored(samples.key(NORTH).expiresAt(SOON.plusMillis(1)));
        StoredKey rotated = inserted(NORTH);
        StoredKey successor = samples.successorOf(rotated);
        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).isEmpty();
        store.replace(rotatedTo(successor, rotated), successor, NOW);

        assertThat(ids(usage().claimExpiring(NOW.plusMillis(1), HOUR, ALL)))
                .containsExactlyInAnyOrder(later.key().id(), rotated.key().id());
    }

    @Test
    void suspendedKeyIsClaimed() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(SOON).suspension(SUSPENSION));

        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).containsExactly(key);
    }

    @Test
    void keyIsClaimedOnceForEachWarning() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plus(DAY)));
        StoredKey later = stored(samples.key(SOUTH).expiresAt(NOW.plus(MONTH)));

        assertThat(usage().claimExpiring(NOW, MONTH, ALL)).containsExactlyInAnyOrder(key, later);
        assertThat(usage().claimExpiring(NOW, MONTH, ALL)).isEmpty();
        assertThat(usage().claimExpiring(NOW, DAY, ALL)).containsExactly(key);
        assertThat(usage().claimExpiring(NOW, DAY, ALL)).isEmpty();
        assertThat(usage().claimExpiring(NOW.plus(DAY).minusMillis(1), HOUR, ALL))
                .containsExactly(key);
        assertThat(usage().claimExpiring(NOW.plus(MONTH).minusMillis(1), HOUR, ALL))
                .containsExactly(later);
    }

    @Test
    void keyIsNeverClaimedForLongerWarningAfterShorterOne() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(SOON));
        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).containsExactly(key);
        StoredKey longer = store.change(
                        StoredValues.keyBuilder(key.key())
                                .expiresAt(NOW.plus(DAY))
                                .build(),
                        NOW)
                .key()
                .orElseThrow();
        StoredKey other = stored(samples.key(NORTH).expiresAt(NOW.plus(DAY)));

        assertThat(usage().claimExpiring(NOW, HOUR.plusMillis(1), ALL)).isEmpty();
        assertThat(usage().claimExpiring(NOW, DAY, ALL)).containsExactly(other);
        assertThat(usage().claimExpiring(NOW, MONTH, ALL)).isEmpty();
        assertThat(usage().claimExpiring(NOW.plus(DAY).minusMillis(1), HOUR.minusMillis(1), ALL))
                .containsExactlyInAnyOrder(longer, other);
    }

    @Test
    void claimedKeysDoNotCountAgainstTheLimit() {
        for (int i = 0; i < 5; i++) {
            stored(samples.key(NORTH).expiresAt(SOON));
        }
        usage().claimExpiring(NOW, HOUR, ALL);
        StoredKey later = stored(samples.key(NORTH).expiresAt(NOW.plus(DAY)));

        assertThat(usage().claimExpiring(NOW, DAY, 2)).containsExactly(later);
    }

    @Test
    void claimsAtMostTheLimit() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(stored(samples.key(NORTH).expiresAt(SOON)));
        }

        List<StoredKey> first = usage().claimExpiring(NOW, HOUR, 2);
        List<StoredKey> second = usage().claimExpiring(NOW, HOUR, 2);
        List<StoredKey> third = usage().claimExpiring(NOW, HOUR, 2);

        assertThat(List.of(first, second, third)).extracting(List::size).containsExactly(2, 2, 1);
        List<StoredKey> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        assertThat(all).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void claimLeavesKeyUnchanged() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(SOON));
        usage().recordUsage(List.of(delta(key)));
        StoredKey before = inStore(key);

        assertThat(usage().claimExpiring(NOW, HOUR, ALL)).containsExactly(before);

        assertThat(inStore(key)).isEqualTo(before);
        assertThat(byDigest(key.digest())).contains(key);
    }

    private static List<KeyId> ids(List<StoredKey> keys) {
        return keys.stream().map(stored -> stored.key().id()).toList();
    }
}
