package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.use;
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

    RevokeContract(Supplier<KeyStore> made) {
        super(made);
    }

    @Test
    void marksTheKeyAndNothingElse() {
        StoredKey key = inserted(NORTH);
        StoredKey other = inserted(NORTH);

        WriteResult written = store.revoke(NORTH, key.key().id(), REVOCATION);

        ApiKey revoked = StoredValues.keyBuilder(key.key())
                .revocation(REVOCATION)
                .version(2)
                .build();
        assertThat(written.changed()).isTrue();
        assertThat(written.key()).contains(key.changed(revoked, written.revision()));
        assertThat(byDigest(key.digest())).isEqualTo(written.key());
        assertThat(inStore(key)).isEqualTo(written.key().orElseThrow());
        assertThat(inStore(other)).isEqualTo(other);
    }

    @Test
    void leavesTheFirstRevocationAsItIs() {
        StoredKey key = inserted(NORTH);
        WriteResult first = store.revoke(NORTH, key.key().id(), REVOCATION);

        WriteResult second = store.revoke(NORTH, key.key().id(), revocation(NOW.minusSeconds(60), "again"));

        assertThat(second.changed()).isFalse();
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(inStore(key)).isEqualTo(first.key().orElseThrow());
    }

    @Test
    void takesInAKeyWhoseEndHasCome() {
        StoredKey key = stored(samples.key(NORTH).expiresAt(NOW.minusSeconds(1)));

        WriteResult written = store.revoke(NORTH, key.key().id(), REVOCATION);

        assertThat(written.changed()).isTrue();
        assertThat(inStore(key).key().revocation()).contains(REVOCATION);
    }

    @Test
    void keepsWhatIsKnownOfTheKeysUse() {
        StoredKey key = inserted(NORTH);
        usage().recordUsage(List.of(use(key)));

        WriteResult written = store.revoke(NORTH, key.key().id(), REVOCATION);

        assertThat(usageOf(key)).contains(use(key).usage());
        assertThat(written.key()).contains(inStore(key));
    }

    @Test
    void findsNothingOfAnotherTenants() {
        StoredKey key = inserted(NORTH);

        WriteResult written = store.revoke(SOUTH, key.key().id(), REVOCATION);

        assertThat(written.key()).isEmpty();
        assertThat(written.changed()).isFalse();
        assertThat(inStore(key)).isEqualTo(key);
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        WriteResult written = store.revoke(NORTH, KeyId.of("nothing"), REVOCATION);

        assertThat(written.key()).isEmpty();
        assertThat(written.changed()).isFalse();
    }
}
