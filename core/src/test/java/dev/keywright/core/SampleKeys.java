package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Instant;

/** Sample keys that are not stored. */
public final class SampleKeys {

    private SampleKeys() {}

    public static ApiKey.Builder builder(String tenant, String id) {
        return StoredValues.keyBuilder()
                .id(KeyId.of(id))
                .tenant(TenantId.of(tenant))
                .name(KeyName.of("Reporting Script"))
                .hint("o5p6")
                .scopes(Scopes.of("read:people", "write:people"))
                .createdAt(Instant.EPOCH)
                .createdBy(Actor.person(UserId.of("ada")));
    }

    public static ApiKey key(String tenant, String id) {
        return builder(tenant, id).build();
    }

    /** {@return a key whose digest is derived from its id} */
    public static StoredKey stored(String tenant, String id) {
        return StoredKey.unsaved(key(tenant, id), Fixture.PEPPER_KEYS.digest(id), Fixture.PEPPER_KEYS.id(), "ck_");
    }
}
