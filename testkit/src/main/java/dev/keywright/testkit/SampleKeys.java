package dev.keywright.testkit;

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
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys such as a store is given, each different from the others. */
final class SampleKeys {

    static final Instant NOW = Instant.parse("2025-03-30T01:59:59.999Z");
    static final TenantId NORTH = TenantId.of("north");
    static final TenantId SOUTH = TenantId.of("south");
    static final PepperId PEPPER = new PepperId("0123456789abcdef");
    static final Revocation REVOCATION = revocation(NOW, "left the district");

    private final AtomicInteger count = new AtomicInteger();

    /** A key of a tenant, created now, that goes on until it is revoked. */
    ApiKey.Builder key(TenantId tenant) {
        return ApiKey.builder()
                .id(KeyId.of("key" + count.incrementAndGet()))
                .tenant(tenant)
                .name(KeyName.of("Reporting Script"))
                .hint("o5p6")
                .scopes(Scopes.of("read:people", "read:interviews"))
                .createdAt(NOW)
                .createdBy(Actor.person(UserId.of("ada")));
    }

    StoredKey unsaved(ApiKey.Builder key) {
        return StoredKey.unsaved(key.build(), digest(), PEPPER);
    }

    StoredKey unsaved(TenantId tenant) {
        return unsaved(key(tenant));
    }

    /** A digest that differs from each other one in its last bytes only. */
    Digest digest() {
        return Digest.of(ByteBuffer.allocate(Digest.LENGTH)
                .putInt(Digest.LENGTH - Integer.BYTES, count.incrementAndGet())
                .array());
    }

    static Revocation revocation(Instant at, String reason) {
        return new Revocation(at, Actor.person(UserId.of("grace")), reason);
    }
}
