package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.Threads.inParallel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class IssueRequestContract extends ContractPart {

    private static final int THREADS = 16;

    private final Digest request = samples.digest();

    IssueRequestContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void repeatedRequestInsertsNothing() {
        WriteResult first = insert(issuedFor(request, NORTH, NOW), NOW);
        StoredKey repeated = issuedFor(request, NORTH, NOW.plusSeconds(1));

        WriteResult second = insert(repeated, NOW.plusSeconds(1));

        assertThat(first.changed()).isTrue();
        assertThat(second.changed()).isFalse();
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.revision()).isEqualTo(first.revision() + 1);
        assertThat(allOf(NORTH)).containsExactly(first.key().orElseThrow());
        assertThat(byDigest(repeated.digest())).isEmpty();
    }

    @Test
    void requestIsRecognizedForADay() {
        Instant end = NOW.plus(KeyStore.ISSUE_REQUEST_WINDOW);
        insert(issuedFor(request, NORTH, NOW), NOW);

        assertThat(insert(issuedFor(request, NORTH, end), end.minusMillis(1)).changed())
                .isFalse();
        assertThat(insert(issuedFor(request, NORTH, end), end).changed()).isTrue();
    }

    @Test
    void otherTenantsAndRequestsAreIndependent() {
        insert(issuedFor(request, NORTH, NOW), NOW);

        assertThat(insert(issuedFor(request, SOUTH, NOW), NOW).changed()).isTrue();
        assertThat(insert(issuedFor(samples.digest(), NORTH, NOW), NOW).changed())
                .isTrue();
        assertThat(insert(samples.unsaved(NORTH), NOW).changed()).isTrue();
        assertThat(insert(samples.unsaved(NORTH), NOW).changed()).isTrue();
    }

    @Test
    void keyInAnyStateIsReturned() {
        StoredKey key = stored(issuedFor(request, NORTH, NOW));
        ifUsageIsKept(usage -> usage.recordUsage(List.of(delta(key))));
        store.revokeAll(NORTH, REVOCATION);

        WriteResult result = insert(issuedFor(request, NORTH, NOW), NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(inStore(key));
        assertThat(inStore(key).key().revocation()).contains(REVOCATION);
    }

    @Test
    void requestIsCheckedBeforeTheLimit() {
        StoredKey key = stored(issuedFor(request, NORTH, NOW));

        assertThat(store.insert(issuedFor(request, NORTH, NOW), 1, NOW).key()).contains(key);
        assertThat(store.insert(issuedFor(samples.digest(), NORTH, NOW), 1, NOW).key())
                .isEmpty();
    }

    @Test
    void requestThatTheLimitRefusedCanBeRepeated() {
        StoredKey other = inserted(NORTH);
        store.insert(issuedFor(request, NORTH, NOW), 1, NOW);
        store.revoke(NORTH, other.key().id(), REVOCATION);

        assertThat(store.insert(issuedFor(request, NORTH, NOW), 1, NOW).changed())
                .isTrue();
    }

    @Test
    void concurrentRequestsInsertOneKey() throws Exception {
        List<WriteResult> results = inParallel(THREADS, i -> insert(issuedFor(request, NORTH, NOW), NOW));

        assertThat(results).filteredOn(WriteResult::changed).hasSize(1);
        assertThat(allOf(NORTH)).hasSize(1);
        assertThat(results)
                .extracting(result -> result.key().orElseThrow())
                .containsOnly(allOf(NORTH).get(0));
    }

    private WriteResult insert(StoredKey key, Instant now) {
        return store.insert(key, KeyStore.UNLIMITED, now);
    }

    private StoredKey issuedFor(Digest request, TenantId tenant, Instant at) {
        return samples.unsaved(samples.key(tenant).createdAt(at)).issuedFor(request);
    }
}
