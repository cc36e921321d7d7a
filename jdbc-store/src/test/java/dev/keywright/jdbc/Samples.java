package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Keys to store. */
final class Samples {

    static final Instant NOW = Instant.parse("2025-03-12T17:20:00.123Z");
    static final TenantId NORTH = TenantId.of("north");
    static final PepperId PEPPER = new PepperId("pepper1");
    static final Revocation REVOCATION = new Revocation(NOW, Actor.person(UserId.of("grace")), "left the district");

    static final Actor ADA = Actor.person(UserId.of("ada"));

    private Samples() {}

    /** A key whose digest is the number, thirty-two times. */
    static StoredKey key(String id, int number) {
        return stored(key(id), number);
    }

    static StoredKey stored(ApiKey.Builder key, int number) {
        return StoredKey.unsaved(key.build(), digest(number), PEPPER);
    }

    static ApiKey.Builder key(String id) {
        return StoredValues.keyBuilder()
                .id(KeyId.of(id))
                .tenant(NORTH)
                .name(KeyName.of("Telltale Name"))
                .hint("o5p6")
                .scopes(Scopes.of("write:people", "read:people"))
                .createdAt(NOW)
                .createdBy(ADA);
    }

    /** As many keys as there are numbers, whose ids sort as they come, each with a digest of its own. */
    static List<StoredKey> keys(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> StoredKey.unsaved(
                        key("key%05d".formatted(i)).build(),
                        Digest.of(ByteBuffer.allocate(Digest.LENGTH).putInt(i).array()),
                        PEPPER))
                .toList();
    }

    /** Keys to import, each of which is known by its own digest alone. */
    static List<ImportCandidate> candidates(List<StoredKey> keys) {
        return keys.stream().map(key -> new ImportCandidate(key, List.of())).toList();
    }

    /** That a key was used so often, last at so many seconds past the hour, for these scopes. */
    static UsageDelta use(String id, long count, int second, String... scopes) {
        Set<Scope> all = Arrays.stream(scopes).map(Scope::of).collect(Collectors.toSet());
        return new UsageDelta(NORTH, KeyId.of(id), new KeyUsage(NOW.plusSeconds(second), count, all));
    }

    static Digest digest(int number) {
        byte[] bytes = new byte[Digest.LENGTH];
        Arrays.fill(bytes, (byte) number);
        return Digest.of(bytes);
    }
}
