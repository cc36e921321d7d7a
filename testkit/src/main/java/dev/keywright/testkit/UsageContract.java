package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.longestScopes;
import static dev.keywright.testkit.SampleKeys.use;
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

    private static final int MOST = 1000;

    UsageContract(Supplier<KeyStore> made) {
        super(made);
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
    void addsUpAndUnitesScopes() {
        StoredKey key = inserted(NORTH);

        record(use(key, NOW, 2, "read:people", "read:interviews"));
        record(use(key, NOW.plusSeconds(1), 3, "write:people", "read:people"));

        assertThat(usageOf(key))
                .contains(use(key, NOW.plusSeconds(1), 5, "read:people", "read:interviews", "write:people")
                        .usage());
    }

    @Test
    void neverMovesTheLastUseBack() {
        StoredKey key = inserted(NORTH);

        record(use(key, NOW, 1, "read:people"));
        record(use(key, NOW.minusMillis(1), 1, "read:people"));

        assertThat(usageOf(key)).contains(use(key, NOW, 2, "read:people").usage());
    }

    @Test
    void keepsUsesForNoScopeAndCountsBeyondFourBytes() {
        StoredKey key = inserted(NORTH);

        record(use(key, NOW, Integer.MAX_VALUE));
        record(use(key, NOW, 1L << 40));

        assertThat(usageOf(key))
                .contains(use(key, NOW, Integer.MAX_VALUE + (1L << 40)).usage());
    }

    @Test
    void unitesMoreScopesThanAKeyCanHaveAtOnce() {
        Scopes zeros = longestScopes('0');
        Scopes ones = longestScopes('1');
        StoredKey key = stored(samples.key(NORTH).scopes(zeros));

        record(use(key, NOW, 1, texts(zeros)));
        store.change(StoredValues.keyBuilder(key.key()).scopes(ones).build(), NOW);
        record(use(key, NOW, 1, texts(ones)));

        Set<Scope> all = new HashSet<>(zeros.asList());
        all.addAll(ones.asList());
        assertThat(usageOf(key)).contains(new KeyUsage(NOW, 2, all));
    }

    @Test
    void recordsUsageInWhateverStateTheKeyIs() {
        StoredKey revoked = inserted(NORTH);
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        StoredKey ended = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey active = inserted(NORTH);
        StoredKey southern = inserted(SOUTH);
        store.revokeAll(SOUTH, REVOCATION);

        record(use(active), use(revoked), use(ended), use(southern));

        assertThat(List.of(active, revoked, ended, southern))
                .allSatisfy(key -> assertThat(usageOf(key)).contains(use(key).usage()));
    }

    @Test
    void passesOverWhatIsNotThereAndTakesTheOthers() {
        StoredKey southern = inserted(SOUTH);
        StoredKey never = samples.unsaved(NORTH);
        StoredKey active = inserted(NORTH);

        record(use(active), ofAnotherTenant(use(southern), NORTH), use(never));

        assertThat(usageOf(southern)).isEmpty();
        assertThat(usageOf(active)).contains(use(active).usage());
        stored(never);
        assertThat(usageOf(never)).isEmpty();
    }

    @Test
    void changesNothingButTheUsage() {
        StoredKey key = inserted(NORTH);
        store.revoke(NORTH, key.key().id(), REVOCATION);
        StoredKey before = inStore(key);

        record(use(key, NOW.plusSeconds(1), 7, "write:people"));

        ApiKey used = StoredValues.keyBuilder(before.key())
                .usage(inStore(key).key().usage().orElseThrow())
                .build();
        assertThat(inStore(key)).isEqualTo(before.changed(used, before.changeRevision()));
    }

    @Test
    void takesAThousandAtOnceInWhateverOrder() {
        List<StoredKey> keys = new ArrayList<>(manyInserted(MOST));
        record(keys.stream().limit(MOST / 2).map(SampleKeys::use).toArray(UsageDelta[]::new));
        Collections.reverse(keys);

        record(keys.stream().map(SampleKeys::use).toArray(UsageDelta[]::new));

        assertThat(allOf(NORTH))
                .extracting(key -> key.key().usage().orElseThrow().count())
                .filteredOn(count -> count == 2)
                .hasSize(MOST / 2);
        assertThat(allOf(NORTH)).allSatisfy(key -> assertThat(key.key().usage()).isPresent());
    }

    @Test
    void takesNone() {
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

    private void record(UsageDelta... uses) {
        usage().recordUsage(List.of(uses));
    }

    private static UsageDelta ofAnotherTenant(UsageDelta use, TenantId tenant) {
        return new UsageDelta(tenant, use.id(), use.usage());
    }

    private static String[] texts(Scopes scopes) {
        return scopes.asList().stream().map(Scope::value).toArray(String[]::new);
    }
}
