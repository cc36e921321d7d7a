package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class ExpiryContract extends ContractPart {

    private static final Duration WARNING = Duration.ofHours(1);
    private static final Instant SOON = NOW.plus(WARNING);
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

        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).containsExactlyInAnyOrder(next, last);
    }

    @Test
    void claimsKeyOnceEvenIfExpiryChanges() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(SOON));
        usage().claimExpiring(NOW, WARNING, ALL);
        StoredKey successor = samples.successorOf(key);
        store.replace(rotatedTo(successor, key), successor, NOW);

        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).isEmpty();
    }

    @Test
    void keyIsClaimedOncePerWarningAndNeverForALongerOne() {
        Duration shorter = Duration.ofMinutes(1);
        StoredKey soon = stored(samples.key(NORTH).expiresAt(NOW.plus(shorter)));
        StoredKey later = stored(samples.key(NORTH).expiresAt(SOON));

        assertThat(usage().claimExpiring(NOW, shorter, ALL)).containsExactly(soon);
        assertThat(usage().claimExpiring(NOW, shorter, ALL)).isEmpty();
        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).containsExactly(later);
        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).isEmpty();
        Instant next = SOON.minus(shorter);
        assertThat(usage().claimExpiring(next, shorter, ALL)).containsExactly(later);
        assertThat(usage().claimExpiring(next, shorter, ALL)).isEmpty();
        assertThat(usage().claimExpiring(next, WARNING, ALL)).isEmpty();
        assertThat(usage().claimExpiring(next, shorter.minusMillis(1), ALL)).isEmpty();
        assertThat(usage().claimExpiring(next.plusMillis(1), shorter.minusMillis(1), ALL))
                .containsExactly(later);
    }

    @Test
    void keyIsClaimedOnceItExpiresSoon() {
        StoredKey later = stored(samples.key(NORTH).expiresAt(SOON.plusMillis(1)));
        StoredKey rotated = inserted(NORTH);
        StoredKey successor = samples.successorOf(rotated);
        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).isEmpty();
        store.replace(rotatedTo(successor, rotated), successor, NOW);

        assertThat(ids(usage().claimExpiring(NOW.plusMillis(1), WARNING, ALL)))
                .containsExactlyInAnyOrder(later.key().id(), rotated.key().id());
    }

    @Test
    void claimsAtMostTheLimit() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(stored(samples.key(NORTH).expiresAt(SOON)));
        }

        List<StoredKey> first = usage().claimExpiring(NOW, WARNING, 2);
        List<StoredKey> second = usage().claimExpiring(NOW, WARNING, 2);
        List<StoredKey> third = usage().claimExpiring(NOW, WARNING, 2);

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

        assertThat(usage().claimExpiring(NOW, WARNING, ALL)).containsExactly(before);

        assertThat(inStore(key)).isEqualTo(before);
        assertThat(byDigest(key.digest())).contains(key);
    }

    private static List<KeyId> ids(List<StoredKey> keys) {
        return keys.stream().map(stored -> stored.key().id()).toList();
    }
}
