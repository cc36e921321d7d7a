package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.WIDEST;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.maxAttributes;
import static dev.keywright.testkit.SampleKeys.maxScopes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scopes;
import dev.keywright.UserId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class ChangeContract extends ContractPart {

    ChangeContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void nameScopesExpirySuccessorAndRevocationAreChanged() {
        StoredKey key = stored(samples.key(NORTH).predecessor(KeyId.of("the-one-before")));
        StoredKey other = inserted(NORTH);
        ApiKey.Builder changed = StoredValues.keyBuilder(key.key())
                .name(KeyName.of("Payroll"))
                .scopes(maxScopes('1'))
                .expiresAt(NOW.plusMillis(1))
                .successor(KeyId.of("the-one-after"))
                .revocation(REVOCATION);

        WriteResult result = store.change(changed.build(), NOW);

        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.changed(changed.version(2).build(), result.revision()));
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void expiryAndSuccessorCanBeRemoved() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)).successor(KeyId.of("the-one-after")));
        ApiKey.Builder changed =
                StoredValues.keyBuilder(key.key()).expiresAt(null).successor(null);

        store.change(changed.build(), NOW);

        assertThat(inStore(key).key()).isEqualTo(changed.version(2).build());
    }

    @Test
    void ownerDescriptionAndAttributesAreSetReplacedAndRemoved() {
        StoredKey key = inserted(NORTH);
        StoredKey other = stored(samples.describedKey(NORTH));
        ApiKey described = other.key();

        expectDescribed(key, described.owner().orElseThrow(), "A\nB", described.attributes());
        expectDescribed(key, PAYROLL, WIDEST.repeat(1000), maxAttributes());
        expectDescribed(
                key, KeyOwner.person(UserId.of("payroll")), null, KeyAttributes.stored(Map.of("Gr\u00F6\u00DFe", "")));
        expectDescribed(key, null, "Payroll", KeyAttributes.NONE);
        expectDescribed(key, null, null, KeyAttributes.NONE);
        assertThat(inStore(other)).isEqualTo(other);
    }

    private void expectDescribed(
            StoredKey key, @Nullable KeyOwner owner, @Nullable String description, KeyAttributes attributes) {
        StoredKey before = inStore(key);
        ApiKey.Builder changed = StoredValues.keyBuilder(before.key())
                .owner(owner)
                .description(description)
                .attributes(attributes);

        WriteResult result = store.change(changed.build(), NOW);

        ApiKey after = changed.version(before.key().version() + 1).build();
        assertThat(result.key()).contains(before.changed(after, result.revision()));
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
    }

    @Test
    void otherFieldsStayUnchanged() {
        StoredKey key = stored(samples.unsaved(samples.describedKey(NORTH).lifetime(Duration.ofDays(90)))
                .issuedFor(samples.digest())
                .imported("legacy_"));
        ifUsageIsKept(usage -> usage.recordUsage(List.of(delta(key))));
        StoredKey before = inStore(key);
        ApiKey changed = StoredValues.keyBuilder(key.key())
                .hint("zzzz")
                .environment("live")
                .lifetime(Duration.ofDays(1))
                .createdAt(NOW.plusSeconds(9))
                .createdBy(Actor.person(UserId.of("eve")))
                .predecessor(KeyId.of("anything"))
                .usage(delta(key, NOW.plusSeconds(9), 9, "write:people").usage())
                .build();

        WriteResult result = store.change(changed, NOW);

        ApiKey after = StoredValues.keyBuilder(before.key()).version(2).build();
        assertThat(inStore(key)).isEqualTo(before.changed(after, result.revision()));
        assertThat(result.key()).contains(inStore(key));
    }

    @Test
    void otherVersionIsRefused() {
        StoredKey key = inserted(NORTH);
        store.change(renamed(key, "First"), NOW);
        StoredKey before = inStore(key);

        WriteResult older = store.change(renamed(key, "Second"), NOW);
        WriteResult newer = store.change(
                StoredValues.keyBuilder(renamed(key, "Third")).version(3).build(), NOW);

        assertThat(List.of(older, newer)).allSatisfy(refused -> {
            assertThat(refused.changed()).isFalse();
            assertThat(refused.key()).contains(before);
        });
        assertThat(inStore(key)).isEqualTo(before);
    }

    @Test
    void revokedKeyIsNotChanged() {
        StoredKey key = inserted(NORTH);
        StoredKey revoked =
                store.revoke(NORTH, key.key().id(), REVOCATION).key().orElseThrow();

        WriteResult result = store.change(
                StoredValues.keyBuilder(revoked.key()).revocation(null).build(), NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).contains(revoked);
        assertThat(inStore(key)).isEqualTo(revoked);
    }

    @Test
    void keyIsChangeableUntilItsExpiry() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW));
        ApiKey longer = StoredValues.keyBuilder(key.key())
                .expiresAt(NOW.plusSeconds(60))
                .build();

        WriteResult late = store.change(longer, NOW);
        WriteResult inTime = store.change(longer, NOW.minusMillis(1));

        assertThat(late.changed()).isFalse();
        assertThat(late.key()).contains(key);
        assertThat(inTime.changed()).isTrue();
        assertThat(inStore(key).key().expiresAt()).contains(NOW.plusSeconds(60));
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        StoredKey key = inserted(NORTH);
        ApiKey stolen = StoredValues.keyBuilder(key.key())
                .tenant(SOUTH)
                .scopes(Scopes.of("write:people"))
                .build();

        WriteResult result = store.change(stolen, NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).isEmpty();
        assertThat(inStore(key)).isEqualTo(key);
    }

    @Test
    void unknownKeyIsNotFound() {
        WriteResult result = store.change(samples.key(NORTH).build(), NOW);

        assertThat(result.changed()).isFalse();
        assertThat(result.key()).isEmpty();
    }

    private static ApiKey renamed(StoredKey key, String name) {
        return StoredValues.keyBuilder(key.key()).name(KeyName.of(name)).build();
    }
}
