package dev.keywright.benchmarks.scale;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.management.Job;
import dev.keywright.spi.Digest;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Keys that have numbers, made in the database itself. A thousand are of one tenant, where there are more than ten thousand;
 * of ten, one was revoked, and three end or have ended, within a year of now. All have been used.
 *
 * @param size how many there are
 * @param now the present
 */
record Crowd(int size, Instant now) {

    private static final int KEYS_OF_A_TENANT = 1000;
    private static final int FEWEST_TENANTS = 10;
    private static final int HEX_OF_ID = 24;

    private static final String KEYS = """
            INSERT INTO keywright_key (id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind,
                created_by_name, expires_at, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, insert_revision, change_revision,
                version, predecessor, successor, imported_as, inactive_at)
            SELECT {bytes}(CONCAT('key_', {hex}) {utf8}), {bytes}(CONCAT('tenant-', x % {tenants}) {utf8}), digest,
                {bytes}('none' {utf8}), 'Reporting Script', 'o5p6', 'read:people write:people', at, 'PERSON', {bytes}('ada' {utf8}), ends,
                CASE x % 10 WHEN 0 THEN at END, CASE x % 10 WHEN 0 THEN 'JOB' END,
                CASE x % 10 WHEN 0 THEN 'cleaner' END, NULL, x, x, 1, NULL, NULL, {none},
                CASE x % 10 WHEN 0 THEN at ELSE ends END
            FROM (
                SELECT x, {sha}{bytes}(CONCAT('key-', x) {utf8})) AS digest, {born} + x * 1000 AS at,
                    CASE WHEN x % 10 IN (1, 2, 3) THEN {now} + (CAST(x * 7919 % 730000 AS BIGINT) - 365000) * 86400 END AS ends
                FROM {numbers}) numbered
            """;

    private static final String USES = """
            INSERT INTO keywright_usage (key_id, last_used_at, use_count, used_scopes)
            SELECT id, created_at, 7, 'read:people'
            FROM keywright_key
            """;

    /** Fills a database that has the tables. Where that is faster, the indexes are made when all is there. */
    void fill(Place place) throws SQLException {
        List<String> steps = new ArrayList<>();
        String coherence = "UPDATE keywright_coherence SET revision = " + size;
        if (place.isPostgreSql()) {
            List<String> indexes = place.ask("""
                    SELECT indexdef FROM pg_indexes
                    WHERE tablename = 'keywright_key' AND indexdef NOT LIKE '%UNIQUE%'""");
            place.ask(
                            "SELECT indexname FROM pg_indexes WHERE tablename = 'keywright_key' AND indexdef NOT LIKE '%UNIQUE%'")
                    .forEach(index -> steps.add("DROP INDEX " + index));
            steps.addAll(List.of(
                    "ALTER TABLE keywright_key DROP CONSTRAINT keywright_key_id, DROP CONSTRAINT keywright_key_digest",
                    "ALTER TABLE keywright_usage DROP CONSTRAINT keywright_usage_id",
                    keys("convert_to", ", 'UTF8'", "sha256(", "SUBSTR(ENCODE(digest, 'hex'), 1, 24)")
                            .replace("{numbers}", "generate_series(1::BIGINT, " + size + ") AS n(x)"),
                    USES,
                    "ALTER TABLE keywright_key ADD CONSTRAINT keywright_key_id PRIMARY KEY (id)",
                    "ALTER TABLE keywright_key ADD CONSTRAINT keywright_key_digest UNIQUE (digest)",
                    "ALTER TABLE keywright_usage ADD CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)"));
            steps.addAll(indexes);
            steps.addAll(List.of(coherence, "VACUUM ANALYZE", "CHECKPOINT"));
        } else {
            steps.addAll(List.of(
                    keys(
                                    "STRINGTOUTF8",
                                    "",
                                    "HASH('SHA-256', ",
                                    "TRANSLATE(SUBSTR(RAWTOHEX(digest), 1, 24), 'ABCDEF', 'abcdef')")
                            .replace("{numbers}", "SYSTEM_RANGE(1, " + size + ")"),
                    USES,
                    coherence,
                    "ANALYZE"));
        }
        place.run(steps);
    }

    private String keys(String bytes, String utf8, String sha, String hex) {
        return KEYS.replace("{none}", "{bytes}('' {utf8})")
                .replace("{bytes}", bytes)
                .replace("{utf8}", utf8)
                .replace("{sha}", sha)
                .replace("{hex}", hex)
                .replace("{tenants}", String.valueOf(tenants()))
                .replace("{born}", "CAST(" + bornAt(0).toEpochMilli() + " AS BIGINT)")
                .replace("{now}", "CAST(" + now.toEpochMilli() + " AS BIGINT)");
    }

    private int tenants() {
        return Math.max(FEWEST_TENANTS, size / KEYS_OF_A_TENANT);
    }

    /** {@return the number of a key that neither ended nor ends: one that is not purged meanwhile} */
    int any() {
        int number = ThreadLocalRandom.current().nextInt(size) + 1;
        return number % 10 < 4 ? any() : number;
    }

    /** {@return when a key was created: one a second, the last of them more than a year ago} */
    Instant bornAt(int number) {
        return now.minus(400, ChronoUnit.DAYS).minusSeconds(size - number);
    }

    Digest digest(int number) {
        return Digest.of(sha256("key-" + number));
    }

    TenantId tenant(int number) {
        return TenantId.of("tenant-" + number % tenants());
    }

    /** {@return uses of so many keys, each once} */
    List<UsageDelta> uses(int howMany) {
        KeyUsage usage = new KeyUsage(now, 3, Set.of(Scope.of("read:people")));
        return IntStream.generate(this::any)
                .distinct()
                .limit(howMany)
                .mapToObj(number -> new UsageDelta(tenant(number), id(digest(number)), usage))
                .toList();
    }

    /** {@return so many keys that are not there yet} */
    List<StoredKey> strangers(int howMany) {
        return IntStream.range(0, howMany)
                .mapToObj(i -> {
                    Digest digest = Digest.of(
                            sha256("stranger-" + ThreadLocalRandom.current().nextLong()));
                    ApiKey key = StoredValues.keyBuilder()
                            .id(id(digest))
                            .tenant(tenant(any()))
                            .name(KeyName.of("Reporting Script"))
                            .hint("o5p6")
                            .scopes(Scopes.of("read:people", "write:people"))
                            .createdAt(now)
                            .createdBy(Actor.job(new Job("scale")))
                            .build();
                    return StoredKey.unsaved(key, digest, new PepperId("none"));
                })
                .toList();
    }

    private static KeyId id(Digest digest) {
        return KeyId.of("key_" + HexFormat.of().formatHex(digest.bytes()).substring(0, HEX_OF_ID));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
