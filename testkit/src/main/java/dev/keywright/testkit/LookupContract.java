package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PAYROLL;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.SUSPENSION;
import static dev.keywright.testkit.SampleKeys.delta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class LookupContract extends ContractPart {

    LookupContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void digestMatchesExactly() {
        StoredKey key = inserted(NORTH);
        byte[] similar = key.digest().bytes();
        similar[0]++;

        assertThat(byDigest(key.digest())).contains(key);
        assertThat(byDigest(Digest.of(similar))).isEmpty();
    }

    @Test
    void digestsWithLeadingOrTrailingZerosAreDistinct() {
        byte[] one = new byte[Digest.LENGTH];
        one[0] = 1;
        StoredKey allZeros =
                stored(StoredKey.unsaved(samples.key(NORTH).build(), Digest.of(new byte[32]), PEPPER, "ck_"));
        StoredKey trailingZeros = stored(StoredKey.unsaved(samples.key(NORTH).build(), Digest.of(one), PEPPER, "ck_"));

        assertThat(byDigest(allZeros.digest())).contains(allZeros);
        assertThat(byDigest(trailingZeros.digest())).contains(trailingZeros);
    }

    @Test
    void keyIsFoundInAnyState() {
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW.minusSeconds(1)));
        StoredKey revoked = stored(samples.key(NORTH).revocation(REVOCATION));
        StoredKey suspended = stored(samples.key(NORTH).suspension(SUSPENSION));

        assertThat(List.of(expired, revoked, suspended)).allSatisfy(key -> {
            assertThat(byDigest(key.digest())).contains(key);
            assertThat(find(NORTH, key.key().id())).contains(key);
        });
    }

    @Test
    void keyIsFoundForItsTenantOnly() {
        StoredKey key = inserted(NORTH);

        assertThat(find(NORTH, key.key().id())).contains(key);
        assertThat(find(SOUTH, key.key().id())).isEmpty();
    }

    @Test
    void idsAreComparedByteForByte() {
        StoredKey key = stored(samples.key(NORTH).id(KeyId.of("Key-i")));

        for (String id : List.of("key-i", "KEY-I", "Key-I")) {
            assertThat(find(NORTH, KeyId.of(id))).as(id).isEmpty();
        }
        StoredKey other = stored(samples.key(NORTH).id(KeyId.of("key-i")));
        assertThat(inStore(key)).isEqualTo(key);
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void tenantsAreComparedByteForByte() {
        StoredKey key = stored(samples.key(TenantId.of("Caf\u00E9 i")).owner(PAYROLL));

        for (String tenant :
                List.of("caf\u00E9 i", "Cafe i", "Cafe\u0301 i", "Caf\u00E9 i ", " Caf\u00E9 i", "Caf\u00E9 \u0131")) {
            expectNothingOf(key, TenantId.of(tenant));
        }
        assertThat(inStore(key)).isEqualTo(key);
    }

    private void expectNothingOf(StoredKey key, TenantId tenant) {
        KeyId id = key.key().id();
        ApiKey changed = StoredValues.keyBuilder(key.key()).tenant(tenant).build();
        StoredKey successor = samples.unsaved(tenant);

        assertThat(find(tenant, id)).as("%s", tenant).isEmpty();
        assertThat(list(tenant, null, NOW, null, 10)).as("%s", tenant).isEmpty();
        assertThat(store.revoke(tenant, id, REVOCATION).key()).as("%s", tenant).isEmpty();
        assertThat(store.suspend(tenant, id, SUSPENSION, NOW).key())
                .as("%s", tenant)
                .isEmpty();
        assertThat(store.resume(tenant, id, NOW).key()).as("%s", tenant).isEmpty();
        assertThat(store.revokeOwnedBy(tenant, PAYROLL, REVOCATION, 10).changed())
                .as("%s", tenant)
                .isZero();
        assertThat(store.revokeAll(tenant, REVOCATION).changed())
                .as("%s", tenant)
                .isZero();
        assertThat(store.change(changed, NOW).key()).as("%s", tenant).isEmpty();
        assertThat(store.replace(changed, successor, NOW).key())
                .as("%s", tenant)
                .isEmpty();
        ifUsageIsKept(usage ->
                usage.recordUsage(List.of(new UsageDelta(tenant, id, delta(key).usage()))));
    }
}
