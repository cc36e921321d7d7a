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
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
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

/** Sample keys of one tenant, and their digests and usage. */
final class Samples {

    static final Instant NOW = Instant.parse("2025-03-12T17:20:00.123Z");
    static final TenantId NORTH = TenantId.of("north");
    static final PepperId PEPPER = new PepperId("pepper1");
    static final Revocation REVOCATION = new Revocation(NOW, Actor.person(UserId.of("grace")), "left the district");

    static final Actor ADA = Actor.person(UserId.of("ada"));

    private Samples() {}

    /** Returns a key whose digest consists of a repeated number. */
    static StoredKey key(String id, int number) {
        return stored(key(id), number);
    }

    static StoredKey stored(ApiKey.Builder key, int number) {
        return StoredKey.unsaved(key.build(), digest(number), PEPPER, "ck_");
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

    /** Returns a selection from the first key on, as of now. */
    static KeySelection selection(TenantId tenant, KeyQuery query, int limit) {
        return KeySelection.of(tenant, query, NOW, limit);
    }

    /** Returns a key for each number of a range, in the order of their ids, each with a digest of its own. */
    static List<StoredKey> keys(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> StoredKey.unsaved(
                        key("key%05d".formatted(i)).build(),
                        Digest.of(ByteBuffer.allocate(Digest.LENGTH).putInt(i).array()),
                        PEPPER,
                        "ck_"))
                .toList();
    }

    /** Returns import candidates without other digests. */
    static List<ImportCandidate> candidates(List<StoredKey> keys) {
        return keys.stream().map(key -> new ImportCandidate(key, List.of())).toList();
    }

    /** Returns the usage of a key: a count, the seconds after {@link #NOW} of the last use, and the scopes. */
    static UsageDelta delta(String id, long count, int second, String... scopes) {
        Set<Scope> all = Arrays.stream(scopes).map(Scope::of).collect(Collectors.toSet());
        return new UsageDelta(NORTH, KeyId.of(id), new KeyUsage(NOW.plusSeconds(second), count, all));
    }

    static Digest digest(int number) {
        byte[] bytes = new byte[Digest.LENGTH];
        Arrays.fill(bytes, (byte) number);
        return Digest.of(bytes);
    }
}
