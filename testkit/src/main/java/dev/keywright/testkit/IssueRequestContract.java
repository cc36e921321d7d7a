package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyName;
import dev.keywright.TenantId;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class IssueRequestContract extends ContractPart {

    private static final Instant NEXT_DAY = NOW.plus(KeyStore.ISSUE_REQUEST_WINDOW);

    private final Digest request = samples.digest();

    IssueRequestContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void requestIsStored() {
        StoredKey key = samples.unsaved(NORTH).issuedFor(request);

        WriteResult result = store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);

        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.revised(result.revision(), result.revision()));
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
    }

    @Test
    void repeatedRequestIsRefusedForADay() {
        StoredKey first = stored(requested(NORTH));
        ifUsageIsKept(usage -> usage.recordUsage(List.of(delta(first))));

        expectRefused(inStore(first), NOW);
        expectRefused(inStore(first), NEXT_DAY.minusMillis(1));
        // The clock of another node may be ahead.
        expectRefused(inStore(first), NOW.minusSeconds(60));
    }

    @Test
    void requestIsAcceptedAfterADay() {
        StoredKey first = stored(requested(NORTH));
        StoredKey second =
                samples.unsaved(samples.key(NORTH).createdAt(NEXT_DAY)).issuedFor(request);

        assertThat(store.insert(second, ActiveKeyLimits.UNLIMITED, NEXT_DAY).changed())
                .isTrue();

        assertThat(inStore(first)).isEqualTo(first);
        assertThat(inStore(second).issueRequest()).contains(request);
        expectRefused(inStore(second), NEXT_DAY);
        expectRefused(
                inStore(second), NEXT_DAY.plus(KeyStore.ISSUE_REQUEST_WINDOW).minusMillis(1));
    }

    @Test
    void requestIsRefusedInWhateverStateItsKeyIs() {
        expectRefusedAfter(key -> store.revoke(NORTH, key.key().id(), REVOCATION));
        expectRefusedAfter(key -> store.suspend(NORTH, key.key().id(), SUSPENSION, NOW));
        expectRefusedAfter(key -> store.revokeAll(NORTH, REVOCATION));
        expectRefusedAfter(key -> store.change(
                StoredValues.keyBuilder(key.key())
                        .name(KeyName.of("Payroll"))
                        .expiresAt(NOW.plusMillis(1))
                        .build(),
                NOW));
        expectRefusedAfter(key -> {
            StoredKey successor = samples.successorOf(key);
            store.replace(rotatedTo(successor, key), successor, NOW);
        });
    }

    private void expectRefusedAfter(Consumer<StoredKey> change) {
        StoredKey first = stored(requested(NORTH));

        change.accept(first);

        assertThat(inStore(first)).isNotEqualTo(first);
        expectRefused(inStore(first), NOW.plusSeconds(60));
        store.purgeTenant(NORTH, KeyStore.MAX_KEYS_PER_WRITE);
    }

    @Test
    void requestIsCheckedBeforeTheLimit() {
        StoredKey first = stored(requested(NORTH));

        WriteResult result = store.insert(requested(NORTH), ofTenant(1), NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(first);
    }

    @Test
    void keyRefusedAtTheLimitLeavesNoRequest() {
        inserted(NORTH);

        assertThat(store.insert(requested(NORTH), ofTenant(1), NOW).key()).isEmpty();

        assertThat(store.insert(requested(NORTH), ofTenant(2), NOW).changed()).isTrue();
    }

    @Test
    void requestOfAnotherTenantIsAccepted() {
        StoredKey northern = stored(requested(NORTH));
        StoredKey southern = requested(SOUTH);

        assertThat(store.insert(southern, ActiveKeyLimits.UNLIMITED, NOW).changed())
                .isTrue();

        expectRefused(northern, NOW);
        expectRefused(inStore(southern), NOW);
    }

    @Test
    void otherRequestsAndKeysWithoutRequestAreAccepted() {
        stored(requested(NORTH));
        byte[] similar = request.bytes();
        similar[0]++;

        assertThat(List.of(
                        samples.unsaved(NORTH),
                        samples.unsaved(NORTH),
                        samples.unsaved(NORTH).issuedFor(samples.digest()),
                        samples.unsaved(NORTH).issuedFor(Digest.of(similar)),
                        samples.unsaved(NORTH).issuedFor(Digest.of(new byte[Digest.LENGTH]))))
                .allMatch(
                        key -> store.insert(key, ActiveKeyLimits.UNLIMITED, NOW).changed());
    }

    @Test
    void requestOfDeletedKeyIsAccepted() {
        StoredKey first = stored(requested(NORTH));
        store.revoke(NORTH, first.key().id(), REVOCATION);
        store.purge(NOW.plusMillis(1), 10);

        StoredKey second = requested(NORTH);
        assertThat(store.insert(second, ActiveKeyLimits.UNLIMITED, NOW).changed())
                .isTrue();

        store.purgeTenant(NORTH, 10);
        assertThat(store.insert(requested(NORTH), ActiveKeyLimits.UNLIMITED, NOW)
                        .changed())
                .isTrue();
    }

    private StoredKey requested(TenantId tenant) {
        return samples.unsaved(tenant).issuedFor(request);
    }

    /** Expects that another key for the request is refused, and that nothing changes. */
    private void expectRefused(StoredKey earlier, Instant now) {
        TenantId tenant = earlier.key().tenant();
        List<StoredKey> before = allOf(tenant);
        StoredKey again = requested(tenant);

        WriteResult result = store.insert(again, ActiveKeyLimits.UNLIMITED, now);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(earlier);
        assertThat(byDigest(again.digest())).isEmpty();
        assertThat(allOf(tenant)).isEqualTo(before);
    }
}
