package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.maxScopes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class UsageContract extends ContractPart {

    private static final int MAX_DELTAS = 1000;

    UsageContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void usageIsReadByIdAndNotByDigest() {
        StoredKey key = inserted(NORTH);
        KeyUsage usage = new KeyUsage(NOW.minusMillis(1), 3, Set.of(Scope.of("read:people")));

        usage().recordUsage(List.of(new UsageDelta(NORTH, key.key().id(), usage)));

        StoredKey used =
                key.changed(StoredValues.keyBuilder(key.key()).usage(usage).build(), key.changeRevision());
        assertThat(inStore(key)).isEqualTo(used);
        assertThat(list(NORTH, null, NOW, null, 10)).containsExactly(used);
        assertThat(byDigest(key.digest())).contains(key);
    }

    @Test
    void countsAddUpAndScopesUnite() {
        StoredKey key = inserted(NORTH);

        record(delta(key, NOW, 2, "read:people", "read:interviews"));
        record(delta(key, NOW.plusSeconds(1), 3, "write:people", "read:people"));

        assertThat(usageOf(key))
                .contains(delta(key, NOW.plusSeconds(1), 5, "read:people", "read:interviews", "write:people")
                        .usage());
    }

    @Test
    void lastUseNeverMovesBack() {
        StoredKey key = inserted(NORTH);

        record(delta(key, NOW, 1, "read:people"));
        record(delta(key, NOW.minusMillis(1), 1, "read:people"));

        assertThat(usageOf(key)).contains(delta(key, NOW, 2, "read:people").usage());
    }

    @Test
    void usageWithoutScopeAndLargeCountsAreKept() {
        StoredKey key = inserted(NORTH);

        record(delta(key, NOW, Integer.MAX_VALUE));
        record(delta(key, NOW, 1L << 40));

        assertThat(usageOf(key))
                .contains(delta(key, NOW, Integer.MAX_VALUE + (1L << 40)).usage());
    }

    @Test
    void usedScopesMayExceedScopesOfAKey() {
        Scopes zeros = maxScopes('0');
        Scopes ones = maxScopes('1');
        StoredKey key = stored(samples.key(NORTH).scopes(zeros));

        record(delta(key, NOW, 1, texts(zeros)));
        store.change(StoredValues.keyBuilder(key.key()).scopes(ones).build(), NOW);
        record(delta(key, NOW, 1, texts(ones)));

        Set<Scope> all = new HashSet<>(zeros.asList());
        all.addAll(ones.asList());
        assertThat(usageOf(key)).contains(new KeyUsage(NOW, 2, all));
    }

    @Test
    void usageIsRecordedInAnyState() {
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey active = inserted(NORTH);
        StoredKey southern = inserted(SOUTH);
        store.revokeAll(SOUTH, REVOCATION);

        record(delta(active), delta(revoked), delta(expired), delta(southern));

        assertThat(List.of(active, revoked, expired, southern))
                .allSatisfy(key -> assertThat(usageOf(key)).contains(delta(key).usage()));
    }

    @Test
    void missingKeysAreSkipped() {
        StoredKey southern = inserted(SOUTH);
        StoredKey missing = samples.unsaved(NORTH);
        StoredKey active = inserted(NORTH);

        record(delta(active), ofAnotherTenant(delta(southern), NORTH), delta(missing));

        assertThat(usageOf(southern)).isEmpty();
        assertThat(usageOf(active)).contains(delta(active).usage());
        stored(missing);
        assertThat(usageOf(missing)).isEmpty();
    }

    @Test
    void recordingChangesOnlyUsage() {
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, key.key().id(), REVOCATION);
        StoredKey before = inStore(key);

        record(delta(key, NOW.plusSeconds(1), 7, "write:people"));

        ApiKey used = StoredValues.keyBuilder(before.key())
                .usage(inStore(key).key().usage().orElseThrow())
                .build();
        assertThat(inStore(key)).isEqualTo(before.changed(used, before.changeRevision()));
    }

    @Test
    void thousandDeltasAreRecordedInAnyOrder() {
        List<StoredKey> keys = new ArrayList<>(manyInserted(MAX_DELTAS));
        record(keys.stream().limit(MAX_DELTAS / 2).map(SampleKeys::delta).toArray(UsageDelta[]::new));
        Collections.reverse(keys);

        record(keys.stream().map(SampleKeys::delta).toArray(UsageDelta[]::new));

        assertThat(allOf(NORTH))
                .extracting(key -> key.key().usage().orElseThrow().count())
                .filteredOn(count -> count == 2)
                .hasSize(MAX_DELTAS / 2);
        assertThat(allOf(NORTH)).allSatisfy(key -> assertThat(key.key().usage()).isPresent());
    }

    @Test
    void emptyListRecordsNothing() {
        StoredKey key = inserted(NORTH);

        record();

        assertThat(usageOf(key)).isEmpty();
    }

    private List<StoredKey> manyInserted(int count) {
        List<StoredKey> keys = new ArrayList<>();
        while (keys.size() < count) {
            keys.addAll(insertedAll(Stream.generate(() -> samples.unsaved(NORTH))
                    .limit(KeyStore.MAX_KEYS_PER_WRITE)
                    .toList()));
        }
        return keys;
    }

    private void record(UsageDelta... deltas) {
        usage().recordUsage(List.of(deltas));
    }

    private static UsageDelta ofAnotherTenant(UsageDelta delta, TenantId tenant) {
        return new UsageDelta(tenant, delta.id(), delta.usage());
    }

    private static String[] texts(Scopes scopes) {
        return scopes.asList().stream().map(Scope::value).toArray(String[]::new);
    }
}
