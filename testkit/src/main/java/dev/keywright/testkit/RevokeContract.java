package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class RevokeContract extends ContractPart {

    RevokeContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void revocationChangesOnlyTheKey() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);

        WriteResult result = store.revoke(NORTH, key.key().id(), REVOCATION);

        ApiKey revoked = StoredValues.keyBuilder(key.key())
                .revocation(REVOCATION)
                .version(2)
                .build();
        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.changed(revoked, result.revision()));
        assertThat(byDigest(key.digest())).isEqualTo(result.key());
        assertThat(inStore(key)).isEqualTo(result.key().orElseThrow());
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void firstRevocationIsKept() {
        StoredKey key = inserted(NORTH);
        WriteResult first = store.revoke(NORTH, key.key().id(), REVOCATION);

        WriteResult second = store.revoke(NORTH, key.key().id(), revocation(NOW.minusSeconds(60), "again"));

        assertThat(second.changed()).isFalse();
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(inStore(key)).isEqualTo(first.key().orElseThrow());
    }

    @Test
    void expiredKeyIsRevoked() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.minusSeconds(1)));

        WriteResult result = store.revoke(NORTH, key.key().id(), REVOCATION);

        assertThat(result.changed()).isTrue();
        assertThat(inStore(key).key().revocation()).contains(REVOCATION);
    }

    @Test
    void usageIsKept() {
        StoredKey key = inserted(NORTH);
        usage().recordUsage(List.of(delta(key)));

        WriteResult result = store.revoke(NORTH, key.key().id(), REVOCATION);

        assertThat(usageOf(key)).contains(delta(key).usage());
        assertThat(result.key()).contains(inStore(key));
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        StoredKey key = inserted(NORTH);

        WriteResult result = store.revoke(SOUTH, key.key().id(), REVOCATION);

        assertThat(result.key()).isEmpty();
        assertThat(result.changed()).isFalse();
        assertThat(inStore(key)).isEqualTo(key);
    }

    @Test
    void unknownKeyIsNotFound() {
        WriteResult result = store.revoke(NORTH, KeyId.of("nothing"), REVOCATION);

        assertThat(result.key()).isEmpty();
        assertThat(result.changed()).isFalse();
    }
}
