package dev.keywright.jdbc;

import dev.keywright.ApiKey;
import org.jspecify.annotations.Nullable;

/**
 * Every statement that the store sends, in words that all databases understand. {@link Rows} knows the columns of a key in the
 * order in which they stand here, and {@link Uses} those of its use behind them. {@code IN (?)} stands for as many values as
 * there are, and {@code keywright_} for the prefix that the host has chosen.
 */
enum Sql {
    /** The lock that this takes puts all writers in one order; so it comes first in each of their transactions. */
    TAKE_REVISIONS("""
            UPDATE keywright_coherence
            SET revision = revision + ?
            WHERE id = 1
            """),

    COHERENCE("""
            SELECT revision, lease_millis
            FROM keywright_coherence
            WHERE id = 1
            """),

    SCHEMA_VERSION("""
            SELECT schema_version
            FROM keywright_coherence
            WHERE id = 1
            """),

    SET_FLOOR("""
            UPDATE keywright_coherence
            SET floor = ?
            WHERE id = 1
            """),

    BEGIN_CACHING("""
            UPDATE keywright_coherence
            SET lease_millis = ?
            WHERE id = 1 AND lease_millis = 0
            """),

    /** One statement, since each has a snapshot of its own. */
    POLL("""
            SELECT revision, floor, lease_millis, keywright_key.id
            FROM keywright_coherence LEFT JOIN keywright_key ON changed_at > ?
            WHERE keywright_coherence.id = 1
            LIMIT ?
            """),

    INSERT("""
            INSERT INTO keywright_key (%s, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(Columns.KEY)),

    INSERT_USE("""
            INSERT INTO keywright_use (key_id, use_count)
            VALUES (?, 0)
            """),

    /**
     * Those on their way out are not counted where their successors are. These are of the same tenant: unless it is said,
     * PostgreSQL reads the keys of all.
     */
    COUNT_OF_TENANT("""
            SELECT COUNT(*)
            FROM keywright_key k
            WHERE k.tenant = ? AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > ?)
                AND NOT EXISTS (
                    SELECT 1
                    FROM keywright_key s
                    WHERE s.tenant = k.tenant AND s.id = k.successor AND s.revoked_at IS NULL
                        AND (s.ends_at IS NULL OR s.ends_at > ?))
            """),

    CHANGE("""
            UPDATE keywright_key
            SET name = ?, scopes = ?, ends_at = ?, successor = ?, revoked_at = ?, revoked_by_kind = ?,
                revoked_by_name = ?, revoked_reason = ?, ended_at = ?, changed_at = ?, version = version + 1
            WHERE tenant = ? AND id = ? AND version = ?
                AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            """),

    REVOKE_ALL("""
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                ended_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END, changed_at = ?, version = version + 1
            WHERE tenant = ? AND revoked_at IS NULL
            """),

    REVOKE("""
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                ended_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END, changed_at = ?, version = version + 1
            WHERE tenant = ? AND id = ? AND revoked_at IS NULL
            """),

    /**
     * What ended long ago. The lower bound is the smallest number there is: without it, H2 walks over every key that has no
     * end, since it sorts NULL first.
     */
    PURGEABLE("""
            SELECT id
            FROM keywright_key
            WHERE ended_at >= ? AND ended_at < ?
            ORDER BY ended_at
            LIMIT ?
            """),

    DELETE("""
            DELETE FROM keywright_key
            WHERE id IN (?)
            """),

    DELETE_USE("""
            DELETE FROM keywright_use
            WHERE key_id IN (?)
            """),

    /** Each verification sends this one: it stays with one table and one index. */
    FIND_BY_DIGEST("""
            SELECT %s
            FROM keywright_key
            WHERE digest = ?
            """.formatted(Columns.KEY)),

    FIND_ALL_BY_DIGEST("""
            SELECT %s
            FROM keywright_key LEFT JOIN keywright_use ON key_id = id
            WHERE digest IN (?)
            """.formatted(Columns.KEY_AND_USE)),

    FIND("""
            SELECT %s
            FROM keywright_key LEFT JOIN keywright_use ON key_id = id
            WHERE tenant = ? AND id = ?
            """.formatted(Columns.KEY_AND_USE)),

    LIST(Columns.PAGE.formatted(Columns.KEY_AND_USE, "")),

    LIST_ACTIVE(
            Columns.PAGE.formatted(Columns.KEY_AND_USE, "AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)")),

    LIST_EXPIRED(Columns.PAGE.formatted(Columns.KEY_AND_USE, "AND revoked_at IS NULL AND ends_at <= ?")),

    LIST_REVOKED(Columns.PAGE.formatted(Columns.KEY_AND_USE, "AND revoked_at IS NOT NULL")),

    /** Leaps from one format to the next in the index, however many keys have either. */
    NEXT_FORMAT("""
            SELECT pepper, imported_as
            FROM keywright_key
            WHERE pepper = ? AND imported_as > ? AND revoked_at IS NULL
            ORDER BY pepper, imported_as
            LIMIT 1
            """),

    NEXT_PEPPER("""
            SELECT pepper, imported_as
            FROM keywright_key
            WHERE pepper > ? AND revoked_at IS NULL
            ORDER BY pepper, imported_as
            LIMIT 1
            """),

    /** Whether there is an active key without an end. Not one question with the next: no index answers an OR. */
    ANY_ENDLESS("""
            SELECT 1
            FROM keywright_key
            WHERE pepper = ? AND imported_as = ? AND revoked_at IS NULL AND ends_at IS NULL
            LIMIT 1
            """),

    /** Whether there is an active key with an end; in the order of the index, so that it is gone by. */
    ANY_ENDING("""
            SELECT 1
            FROM keywright_key
            WHERE pepper = ? AND imported_as = ? AND revoked_at IS NULL AND ends_at > ?
            ORDER BY pepper, imported_as, revoked_at, ends_at
            LIMIT 1
            """),

    COUNT_ACTIVE("""
            SELECT pepper, imported_as, COUNT(*)
            FROM keywright_key
            WHERE revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            GROUP BY pepper, imported_as
            """),

    /** A plain look: in a condition of the UPDATE itself, some databases would lock the rows of the keys for it. */
    FIND_USES_OF_ACTIVE("""
            SELECT id, tenant, used_scopes
            FROM keywright_use JOIN keywright_key ON id = key_id
            WHERE key_id IN (?) AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            """),

    /** A count that somebody has made absurd begins anew: as a sum it might overflow, and fail every other key's too. */
    ADD_USE("""
            UPDATE keywright_use
            SET use_count = ? + CASE WHEN use_count BETWEEN 0 AND 1000000000000000000 THEN use_count ELSE 0 END,
                last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
            WHERE key_id = ?
            """),

    FIND_USED_SCOPES("""
            SELECT key_id, used_scopes
            FROM keywright_use
            WHERE key_id IN (?)
            """),

    SET_USED_SCOPES("""
            UPDATE keywright_use
            SET used_scopes = ?
            WHERE key_id = ?
            """),

    /** Of keys that are not revoked, what ended is what ends. */
    ENDING("""
            SELECT %s
            FROM keywright_key JOIN keywright_use ON key_id = id
            WHERE ended_at > ? AND ended_at <= ? AND revoked_at IS NULL AND end_told_at IS NULL
            ORDER BY ended_at
            LIMIT ?
            """.formatted(Columns.KEY_AND_USE)),

    /** Whoever changes the row has the key. */
    TAKE_ENDING("""
            UPDATE keywright_use
            SET end_told_at = ?
            WHERE key_id = ? AND end_told_at IS NULL
            """);

    private final String text;

    Sql(String text) {
        this.text = text;
    }

    /** {@return the statement, on tables whose names begin with {@code keywright_}} */
    String text() {
        return text;
    }

    /** Lists a page of the keys in a state, which takes the present instant as a value if it {@link #dependsOnTime}. */
    static Sql list(ApiKey.@Nullable State state) {
        if (state == null) {
            return LIST;
        }
        return switch (state) {
            case ACTIVE -> LIST_ACTIVE;
            case EXPIRED -> LIST_EXPIRED;
            case REVOKED -> LIST_REVOKED;
        };
    }

    /** Whether a state comes and goes by itself. */
    static boolean dependsOnTime(ApiKey.@Nullable State state) {
        return state == ApiKey.State.ACTIVE || state == ApiKey.State.EXPIRED;
    }

    /** What several statements have in common. */
    static final class Columns {

        static final String KEY = """
                id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, ends_at,
                revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, inserted_at, changed_at, version,
                predecessor, successor, imported_as""";

        static final String USE = "last_used_at, use_count, used_scopes";

        static final String KEY_AND_USE = KEY + ", " + USE;

        /**
         * The page is found by where it begins, and ordered by an index from its first column on: however many keys other
         * tenants have, and however far on it is. Keys of the tenant in other states are walked over.
         */
        private static final String PAGE = """
                SELECT %s
                FROM keywright_key LEFT JOIN keywright_use ON key_id = id
                WHERE tenant = ? AND created_at >= ? AND (created_at > ? OR inserted_at > ?) %s
                ORDER BY tenant, created_at, inserted_at
                LIMIT ?
                """;

        private Columns() {}
    }
}
