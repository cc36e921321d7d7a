package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static dev.keywright.testkit.SampleKeys.use;
import static dev.keywright.testkit.Threads.atOnce;
import static dev.keywright.testkit.Threads.race;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.KeyUsage;
import dev.keywright.Scopes;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class RevokeRaces extends ContractPart {

    private static final int ROUNDS = 20;
    private static final int USES_BEFORE = 30;
    private static final int MOST_USES = 2_000;

    RevokeRaces(Supplier<KeyStore> made) {
        super(made);
    }

    @Test
    void revokesAKeyOnceAndKeepsTheFirstRevocation() throws Exception {
        StoredKey key = inserted(NORTH);

        List<Written> written = atOnce(
                64, i -> store.revoke(NORTH, key.key().id(), revocation(NOW.plusMillis(64 - i), "by thread " + i)));

        Written first =
                written.stream().min(Comparator.comparing(Written::revision)).orElseThrow();
        assertThat(written).filteredOn(Written::changed).containsExactly(first);
        assertThat(inStore(key)).isEqualTo(first.key().orElseThrow());
        assertThat(inStore(key).key().version()).isEqualTo(2);
        assertThat(written).allSatisfy(w -> assertThat(w.key()).isEqualTo(first.key()));
    }

    @Test
    void isNeitherUndoneNorTouchedByWhoeverRecordsUses() throws Exception {
        StoredKey key = inserted(NORTH);
        Uses uses = new Uses(key);

        long revision = race(uses::revokeAmidst, uses::record, uses::record, uses::record);

        StoredKey after = inStore(key);
        long count = after.key().usage().map(KeyUsage::count).orElse(0L);
        assertThat(count).isBetween(uses.certain.get(), uses.possible.get());
        ApiKey expected = key.key().toBuilder()
                .version(2)
                .revocation(REVOCATION)
                .usage(use(key, NOW, count, "read:people").usage())
                .build();
        assertThat(after).isEqualTo(key.changed(expected, revision));
    }

    /** Uses of a key, of which those that were recorded before it was revoked count, and those that began after do not. */
    private final class Uses {

        final AtomicLong certain = new AtomicLong();
        final AtomicLong possible = new AtomicLong();

        private final StoredKey key;
        private final CountDownLatch amidst = new CountDownLatch(USES_BEFORE);
        private volatile boolean revoking;
        private volatile boolean revoked;

        Uses(StoredKey key) {
            this.key = key;
        }

        void record() {
            boolean tooLate = false;
            for (int n = 0; n < MOST_USES && !tooLate; n++) {
                tooLate = revoked;
                store.recordUses(List.of(use(key)));
                possible.addAndGet(tooLate ? 0 : 1);
                certain.addAndGet(revoking ? 0 : 1);
                amidst.countDown();
            }
        }

        long revokeAmidst() throws InterruptedException {
            amidst.await();
            revoking = true;
            long revision = store.revoke(NORTH, key.key().id(), REVOCATION).revision();
            revoked = true;
            return revision;
        }
    }

    @Test
    void comesAfterAChangeOrKeepsItOut() throws Exception {
        expectChangeBeforeOrNever(key -> store.revoke(NORTH, key.key().id(), REVOCATION));
    }

    @Test
    void ofAllComesAfterAChangeOrKeepsItOut() throws Exception {
        expectChangeBeforeOrNever(key -> store.revokeAll(NORTH, REVOCATION));
    }

    private void expectChangeBeforeOrNever(Consumer<StoredKey> revoke) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            ApiKey.Builder change =
                    key.key().toBuilder().name(KeyName.of("Payroll")).scopes(Scopes.of("read:people"));

            Written written = race(() -> store.change(change.build(), NOW), () -> revoke.accept(key));

            ApiKey.Builder before = written.changed()
                    ? change.version(3)
                    : key.key().toBuilder().version(2);
            StoredKey after = inStore(key);
            assertThat(after.key()).isEqualTo(before.revocation(REVOCATION).build());
            assertThat(written.changed()).isEqualTo(written.revision() < after.changedAt());
        }
    }

    @Test
    void comesAfterARotationOrKeepsItOut() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            StoredKey key = inserted(NORTH);
            StoredKey successor = samples.successorOf(key);

            List<Written> written = atOnce(
                    2,
                    i -> i == 0
                            ? store.revoke(NORTH, key.key().id(), REVOCATION)
                            : store.replace(rotatedTo(successor, key), successor, NOW));

            boolean rotated = written.get(1).changed();
            assertThat(rotated)
                    .isEqualTo(written.get(1).revision() < written.get(0).revision());
            assertThat(inStore(key)).isEqualTo(written.get(0).key().orElseThrow());
            assertThat(inStore(key).key().revocation()).contains(REVOCATION);
            assertThat(inStore(key).key().successor().isPresent()).isEqualTo(rotated);
            assertThat(byDigest(successor.digest()).isPresent()).isEqualTo(rotated);
        }
    }
}
