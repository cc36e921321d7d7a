package dev.keywright.testkit;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates distinct keys and digests for contract tests. Thread-safe. */
final class SampleKeys {

    static final Instant NOW = Instant.parse("2025-03-30T01:59:59.999Z");
    static final TenantId NORTH = TenantId.of("north");
    static final TenantId SOUTH = TenantId.of("south");
    static final PepperId PEPPER = new PepperId("0123456789abcdef");
    static final Actor ADA = Actor.person(UserId.of("ada"));
    static final KeyOwner PAYROLL = KeyOwner.service("payroll");
    static final Revocation REVOCATION = revocation(NOW, "left the district");
    static final Suspension SUSPENSION = suspension(NOW, "incident 7");

    /** A character of four bytes in UTF-8, and two in UTF-16. */
    static final String WIDEST = "\uD83D\uDD11";

    /** Text that is lost or changed by careless quoting, separators, trimming, or a character set other than UTF-8. */
    static final String HOSTILE_TEXT =
            " '; -- \"\\\" \\\\n \\u0041 a=b;c,d&e:f|%_{}[]<> \u00DC \u0438\u0306 \u9375 \u200F\u05DE" + WIDEST + "  ";

    private final AtomicInteger count = new AtomicInteger();

    /** Returns a builder of a key that was created now and never expires. */
    ApiKey.Builder key(TenantId tenant) {
        return StoredValues.keyBuilder()
                .id(KeyId.of("key" + count.incrementAndGet()))
                .tenant(tenant)
                .name(KeyName.of("Reporting Script"))
                .hint("o5p6")
                .scopes(Scopes.of("read:people", "read:interviews"))
                .createdAt(NOW)
                .createdBy(ADA);
    }

    /** Returns a builder of a key with an environment, an owner, a description and attributes. */
    ApiKey.Builder describedKey(TenantId tenant) {
        return key(tenant)
                .environment("test-2_eu")
                .owner(KeyOwner.service(HOSTILE_TEXT))
                .description("For payroll." + HOSTILE_TEXT)
                .attributes(KeyAttributes.of(Map.of("a", HOSTILE_TEXT, "b.c_d-e", "=", "9", "\\")));
    }

    StoredKey unsaved(ApiKey.Builder key) {
        return unsaved(key, "ck_");
    }

    StoredKey unsaved(ApiKey.Builder key, String prefix) {
        return StoredKey.unsaved(key.build(), digest(), PEPPER, prefix);
    }

    StoredKey unsaved(TenantId tenant) {
        return unsaved(key(tenant));
    }

    /** Returns a new successor of a key. */
    StoredKey successorOf(StoredKey key) {
        return unsaved(key(key.key().tenant()).predecessor(key.key().id()));
    }

    /** Returns a new digest, which differs from the others in its last bytes only. */
    Digest digest() {
        return Digest.of(ByteBuffer.allocate(Digest.LENGTH)
                .putInt(Digest.LENGTH - Integer.BYTES, count.incrementAndGet())
                .array());
    }

    static Revocation revocation(Instant at, String reason) {
        return new Revocation(at, Actor.person(UserId.of("grace")), reason);
    }

    static Suspension suspension(Instant at, String reason) {
        return new Suspension(at, Actor.person(UserId.of("grace")), reason);
    }

    /** Returns a key as changed by a rotation: with the successor, and an expiry in an hour. */
    static ApiKey rotatedTo(StoredKey successor, StoredKey key) {
        return StoredValues.keyBuilder(key.key())
                .successor(successor.key().id())
                .expiresAt(NOW.plusSeconds(3600))
                .build();
    }

    static UsageDelta delta(StoredKey key, Instant at, long count, String... scopes) {
        Set<Scope> used = Stream.of(scopes).map(Scope::of).collect(Collectors.toSet());
        return new UsageDelta(key.key().tenant(), key.key().id(), new KeyUsage(at, count, used));
    }

    static UsageDelta delta(StoredKey key) {
        return delta(key, NOW, 1, "read:people");
    }

    /** Returns the maximum number of scopes of a key, each of the maximum length, with a first character. */
    static Scopes maxScopes(char first) {
        return Scopes.of(IntStream.range(0, 100)
                .mapToObj(i -> first + String.format("%063d", i))
                .toArray(String[]::new));
    }

    /** Returns the maximum number of attributes, with names and values of the maximum length. */
    static KeyAttributes maxAttributes() {
        return KeyAttributes.of(IntStream.range(0, 16)
                .boxed()
                .collect(Collectors.toMap(i -> String.format("%040d", i), i -> WIDEST.repeat(200))));
    }
}
