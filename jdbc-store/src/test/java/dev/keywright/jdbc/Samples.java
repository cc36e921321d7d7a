package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import java.time.Instant;
import java.util.Arrays;

/** Keys to store. */
final class Samples {

    static final Instant NOW = Instant.parse("2025-03-12T17:20:00.123Z");
    static final TenantId NORTH = TenantId.of("north");
    static final PepperId PEPPER = new PepperId("pepper1");
    static final Revocation REVOCATION = new Revocation(NOW, Actor.person(UserId.of("grace")), "left the district");

    private Samples() {}

    /** A key whose digest is the number, thirty-two times. */
    static StoredKey key(String id, int number) {
        return StoredKey.unsaved(
                ApiKey.builder()
                        .id(KeyId.of(id))
                        .tenant(NORTH)
                        .name(KeyName.of("Telltale Name"))
                        .hint("o5p6")
                        .scopes(Scopes.of("write:people", "read:people"))
                        .createdAt(NOW)
                        .createdBy(Actor.person(UserId.of("ada")))
                        .build(),
                digest(number),
                PEPPER);
    }

    static Digest digest(int number) {
        byte[] bytes = new byte[Digest.LENGTH];
        Arrays.fill(bytes, (byte) number);
        return Digest.of(bytes);
    }
}
