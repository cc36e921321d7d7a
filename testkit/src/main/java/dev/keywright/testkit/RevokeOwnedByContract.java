package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.KeyOwner.Kind;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class RevokeOwnedByContract extends RevokeSelectedContract {

    private static final String NAME = "ren\u00E9 i";
    private static final KeyOwner OWNER = KeyOwner.person(UserId.of(NAME));

    RevokeOwnedByContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Override
    BulkWriteResult revoke(int limit) {
        return store.revokeOwnedBy(NORTH, OWNER, REVOCATION, limit);
    }

    @Override
    ApiKey.Builder selected(TenantId tenant) {
        return samples.key(tenant).owner(OWNER);
    }

    @Override
    List<ApiKey.Builder> similar(TenantId tenant) {
        Stream<KeyOwner> others = Stream.of(
                        "Ren\u00E9 i",
                        "rene i",
                        "rene\u0301 i",
                        "ren\u00E9 \u0131",
                        NAME + " ",
                        " " + NAME,
                        NAME + "\u00A0")
                .map(name -> KeyOwner.stored(Kind.PERSON, name));
        return Stream.of(
                        others.map(owner -> samples.key(tenant).owner(owner)),
                        Stream.of(
                                samples.key(tenant).owner(KeyOwner.service(NAME)),
                                samples.key(tenant).createdBy(Actor.person(UserId.of(NAME)))))
                .flatMap(keys -> keys)
                .toList();
    }

    @Test
    void presentOwnerDecides() {
        StoredKey given = inserted(NORTH);
        store.change(StoredValues.keyBuilder(given.key()).owner(OWNER).build(), NOW);
        StoredKey taken = stored(selected(NORTH));
        store.change(StoredValues.keyBuilder(taken.key()).owner(null).build(), NOW);

        assertThat(revoke(10).changed()).isEqualTo(1);

        assertThat(inStore(given).key().revocation()).contains(REVOCATION);
        assertThat(inStore(taken).key().revocation()).isEmpty();
    }
}
