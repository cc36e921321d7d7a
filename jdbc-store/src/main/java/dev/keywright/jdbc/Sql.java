package dev.keywright.jdbc;

import dev.keywright.ApiKey;
import org.jspecify.annotations.Nullable;

/**
 * Every statement that the store sends, in words that all databases understand. {@link RowMapper} knows the columns of a key in the
 * order in which they stand here, and {@link UsageStatements} those of its use behind them. {@code IN (?)} stands for as many values as
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

    BEGIN_CACHING("""
            UPDATE keywright_coherence
            SET lease_millis = ?
            WHERE id = 1 AND lease_millis = 0
            """),

    /**
     * One statement, since each has a snapshot of its own. A key that was inserted since, and not changed after that, is not in the
     * list: only that there is one. H2 takes no snapshot of a table that is named in a derived table alone: hence the last condition,
     * which always holds.
     */
    POLL("""
            SELECT c.revision, c.lease_millis,
                (SELECT insert_revision
                 FROM keywright_key
                 WHERE change_revision > ? AND insert_revision > ?
                 ORDER BY change_revision
                 LIMIT 1),
                e.kind, e.subject, e.revision
            FROM keywright_coherence c LEFT JOIN (
                SELECT *
                FROM (SELECT 0 AS kind, id AS subject, change_revision AS revision
                      FROM keywright_key
                      WHERE change_revision > ? AND (insert_revision <= ? OR insert_revision < change_revision)
                      ORDER BY change_revision
                      LIMIT ?) changes
                UNION ALL
                SELECT *
                FROM (SELECT kind, subject, revision
                      FROM keywright_eviction
                      WHERE revision > ?
                      ORDER BY revision
                      LIMIT ?) deletions) e ON 1 = 1
            WHERE c.id = 1 AND NOT EXISTS (SELECT 1 FROM keywright_eviction WHERE kind < 0)
            """),

    EVICT_AGAIN("""
            UPDATE keywright_eviction
            SET revision = ?
            WHERE kind = ? AND subject = ?
            """),

    EVICT("""
            INSERT INTO keywright_eviction (revision, kind, subject)
            VALUES (?, ?, ?)
            """),

    /** Of keys, which have kind 0: then they are inserted anew. */
    DELETE_KEY_EVICTIONS("""
            DELETE FROM keywright_eviction
            WHERE kind = 0 AND subject IN (?)
            """),

    FORGET_EVICTIONS("""
            DELETE FROM keywright_eviction
            WHERE revision <= ?
            """),

    INSERT("""
            INSERT INTO keywright_key (%s, inactive_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(Columns.KEY)),

    INSERT_USE("""
            INSERT INTO keywright_usage (key_id, use_count)
            VALUES (?, 0)
            """),

    /**
     * Stops at the limit, and reads neither the expired keys nor the revoked ones, of which there may be very many. Those on their
     * way out are not counted where their successors are. These are of the same tenant: unless it is said, PostgreSQL reads the
     * keys of all. In the order of the index: else PostgreSQL hopes to meet as many soon among the keys of all tenants.
     */
    COUNT_OF_TENANT("SELECT\n"
            + Columns.COUNTED.formatted("k.expires_at IS NULL")
            + "+\n"
            + Columns.COUNTED.formatted("k.expires_at > ?")),

    CHANGE("""
            UPDATE keywright_key
            SET name = ?, scopes = ?, expires_at = ?, successor = ?, revoked_at = ?, revoked_by_kind = ?,
                revoked_by_name = ?, revoked_reason = ?, inactive_at = ?, change_revision = ?, version = version + 1
            WHERE tenant = ? AND id = ? AND version = ?
                AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND %s
            """.formatted(Columns.UNMARKED)),

    REVOKE("""
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, change_revision = ?, version = version + 1
            WHERE tenant = ? AND id = ? AND revoked_at IS NULL AND %s
            """.formatted(Columns.UNMARKED)),

    /** The keys of one creator that are not revoked. */
    FIND_OF_CREATOR("""
            SELECT id
            FROM keywright_key
            WHERE tenant = ? AND created_by_name = ? AND created_by_kind = ? AND revoked_at IS NULL
                AND insert_revision > COALESCE((SELECT revoked_upto FROM keywright_tenant WHERE tenant = ?), -1)
            LIMIT ?
            """),

    REVOKE_MANY("""
            UPDATE keywright_key
            SET change_revision = ?, revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, version = version + 1
            WHERE revoked_at IS NULL AND id IN (?)
            """),

    /** Revokes all keys of a tenant that were inserted up to a revision, see {@link TenantRevocations}. */
    MARK("""
            INSERT INTO keywright_tenant
                (tenant, revoked_upto, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, sweeps)
            VALUES (?, ?, ?, ?, ?, ?, 0)
            """),

    FIND_MARK("""
            SELECT tenant, revoked_upto, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason
            FROM keywright_tenant
            WHERE tenant = ?
            """),

    FIND_MARKS("""
            SELECT tenant, revoked_upto, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason
            FROM keywright_tenant
            """),

    LOCK_MARK("""
            UPDATE keywright_tenant
            SET sweeps = sweeps + 1
            WHERE tenant = ? AND revoked_upto = ?
            """),

    LOCK_MARKS("""
            UPDATE keywright_tenant
            SET sweeps = sweeps + 1
            """),

    DELETE_MARK("""
            DELETE FROM keywright_tenant
            WHERE tenant = ? AND revoked_upto <= ?
            """),

    COUNT_MARKS("""
            UPDATE keywright_coherence
            SET marks = (SELECT COUNT(*) FROM keywright_tenant)
            WHERE id = 1
            """),

    /** How many keys a mark revokes, or would; not more than the limit. */
    COUNT_UNSWEPT("""
            SELECT COUNT(*)
            FROM (SELECT 1 AS one
                  FROM keywright_key
                  WHERE tenant = ? AND revoked_at IS NULL AND insert_revision <= ?
                  ORDER BY tenant, revoked_at, expires_at, insert_revision
                  LIMIT ?) unswept
            """),

    FIND_UNSWEPT("""
            SELECT id
            FROM keywright_key
            WHERE tenant = ? AND revoked_at IS NULL AND insert_revision <= ?
            ORDER BY tenant, revoked_at, expires_at, insert_revision
            LIMIT ?
            """),

    /** The revision at which the key changed stays: the eviction of its tenant has told of this. */
    SWEEP("""
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, version = version + 1
            WHERE revoked_at IS NULL AND id IN (?)
            """),

    /**
     * What ended long ago. The lower bound is the smallest number there is: without it, H2 walks over every key that has no
     * end, since it sorts NULL first.
     */
    PURGEABLE("""
            SELECT id
            FROM keywright_key
            WHERE inactive_at >= ? AND inactive_at < ?
            ORDER BY inactive_at
            LIMIT ?
            """),

    FIND_OF_TENANT("""
            SELECT id
            FROM keywright_key
            WHERE tenant = ?
            ORDER BY tenant, created_at, insert_revision
            LIMIT ?
            """),

    DELETE("""
            DELETE FROM keywright_key
            WHERE id IN (?)
            """),

    DELETE_USE("""
            DELETE FROM keywright_usage
            WHERE key_id IN (?)
            """),

    /**
     * Each verification sends this one: as few tables as possible, and always one row, with the revision of its snapshot. Where there
     * is any mark in the snapshot, the next one tells whether that revokes the key.
     */
    FIND_BY_DIGEST("""
            SELECT %s, c.revision, c.marks
            FROM keywright_coherence c LEFT JOIN keywright_key k ON k.digest = ?
            WHERE c.id = 1
            """.formatted(Columns.ROW)),

    FIND_MARKED_BY_DIGEST("""
            SELECT %s, c.revision, c.marks
            FROM keywright_coherence c LEFT JOIN keywright_key k ON k.digest = ? %s
            WHERE c.id = 1
            """.formatted(Columns.READ, Columns.MARKED)),

    FIND_ALL_BY_DIGEST("""
            SELECT %s
            FROM keywright_key k LEFT JOIN keywright_usage u ON u.key_id = k.id %s
            WHERE k.digest IN (?)
            """.formatted(Columns.READ_WITH_USE, Columns.MARKED)),

    FIND("""
            SELECT %s, c.revision
            FROM keywright_coherence c LEFT JOIN keywright_key k ON k.tenant = ? AND k.id = ?
                LEFT JOIN keywright_usage u ON u.key_id = k.id %s
            WHERE c.id = 1
            """.formatted(Columns.READ_WITH_USE, Columns.MARKED)),

    LIST(Columns.page("", "")),

    LIST_ACTIVE(Columns.page("", Columns.ACTIVE)),

    LIST_EXPIRED(Columns.page("", Columns.EXPIRED)),

    LIST_REVOKED(Columns.page("", Columns.REVOKED)),

    LIST_OF_CREATOR(Columns.page(Columns.OF_CREATOR, "")),

    LIST_ACTIVE_OF_CREATOR(Columns.page(Columns.OF_CREATOR, Columns.ACTIVE)),

    LIST_EXPIRED_OF_CREATOR(Columns.page(Columns.OF_CREATOR, Columns.EXPIRED)),

    LIST_REVOKED_OF_CREATOR(Columns.page(Columns.OF_CREATOR, Columns.REVOKED)),

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
            WHERE pepper = ? AND imported_as = ? AND revoked_at IS NULL AND expires_at IS NULL AND %s
            LIMIT 1
            """.formatted(Columns.UNMARKED)),

    /** Whether there is an active key with an end; in the order of the index, so that it is gone by. */
    ANY_ENDING("""
            SELECT 1
            FROM keywright_key
            WHERE pepper = ? AND imported_as = ? AND revoked_at IS NULL AND expires_at > ? AND %s
            ORDER BY pepper, imported_as, revoked_at, expires_at
            LIMIT 1
            """.formatted(Columns.UNMARKED)),

    /** The second part takes off what the first has counted of keys that a mark revokes: so the first reads an index alone. */
    COUNT_ACTIVE("""
            SELECT pepper, imported_as, COUNT(*)
            FROM keywright_key
            WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)
            GROUP BY pepper, imported_as
            UNION ALL
            SELECT k.pepper, k.imported_as, -COUNT(*)
            FROM keywright_tenant m JOIN keywright_key k ON k.tenant = m.tenant AND k.insert_revision <= m.revoked_upto
            WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
            GROUP BY k.pepper, k.imported_as
            """),

    /** A plain look: in a condition of the UPDATE itself, some databases would lock the rows of the keys for it. */
    FIND_USES("""
            SELECT id, tenant, used_scopes
            FROM keywright_usage JOIN keywright_key ON id = key_id
            WHERE key_id IN (?)
            """),

    /** A count that somebody has made absurd begins anew: as a sum it might overflow, and fail every other key's too. */
    ADD_USE("""
            UPDATE keywright_usage
            SET use_count = ? + CASE WHEN use_count BETWEEN 0 AND 1000000000000000000 THEN use_count ELSE 0 END,
                last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
            WHERE key_id = ?
            """),

    FIND_USED_SCOPES("""
            SELECT key_id, used_scopes
            FROM keywright_usage
            WHERE key_id IN (?)
            """),

    SET_USED_SCOPES("""
            UPDATE keywright_usage
            SET used_scopes = ?
            WHERE key_id = ?
            """),

    /** Of keys that are not revoked, what ended is what ends. */
    ENDING("""
            SELECT %s
            FROM keywright_key k JOIN keywright_usage u ON u.key_id = k.id %s
            WHERE k.inactive_at > ? AND k.inactive_at <= ? AND k.revoked_at IS NULL AND m.tenant IS NULL
                AND u.expiry_notified_at IS NULL
            ORDER BY k.inactive_at
            LIMIT ?
            """.formatted(Columns.READ_WITH_USE, Columns.MARKED)),

    /** Whoever changes the row has the key. */
    TAKE_ENDING("""
            UPDATE keywright_usage
            SET expiry_notified_at = ?
            WHERE key_id = ? AND expiry_notified_at IS NULL
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
    static Sql list(ApiKey.@Nullable State state, boolean ofCreator) {
        if (state == null) {
            return ofCreator ? LIST_OF_CREATOR : LIST;
        }
        return switch (state) {
            case ACTIVE -> ofCreator ? LIST_ACTIVE_OF_CREATOR : LIST_ACTIVE;
            case EXPIRED -> ofCreator ? LIST_EXPIRED_OF_CREATOR : LIST_EXPIRED;
            case REVOKED -> ofCreator ? LIST_REVOKED_OF_CREATOR : LIST_REVOKED;
        };
    }

    /** Whether a state comes and goes by itself. */
    static boolean dependsOnTime(ApiKey.@Nullable State state) {
        return state == ApiKey.State.ACTIVE || state == ApiKey.State.EXPIRED;
    }

    /** What several statements have in common. A key is {@code k} in them, its usage {@code u}, and its mark {@code m}. */
    static final class Columns {

        /** The columns of a key as it is inserted. */
        static final String KEY = """
                id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, expires_at,
                revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, insert_revision, change_revision, version,
                predecessor, successor, imported_as, lifetime_millis""";

        static final String USE = "last_used_at, use_count, used_scopes";

        static final String MARK = "tenant, revoked_upto, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason";

        /** The columns of a key as they are in its row. */
        private static final String ROW = """
                k.id, k.tenant, k.digest, k.pepper, k.name, k.hint, k.scopes, k.created_at, k.created_by_kind,
                k.created_by_name, k.expires_at, k.revoked_at, k.revoked_by_kind, k.revoked_by_name, k.revoked_reason,
                k.insert_revision, k.change_revision, k.version, k.predecessor, k.successor, k.imported_as, k.lifetime_millis""";

        /** The columns of a key as it is read: revoked, where a {@link #MARKED mark} revokes it, as its row will be. */
        private static final String READ = """
                k.id, k.tenant, k.digest, k.pepper, k.name, k.hint, k.scopes, k.created_at, k.created_by_kind,
                k.created_by_name, k.expires_at, COALESCE(k.revoked_at, m.revoked_at),
                COALESCE(k.revoked_by_kind, m.revoked_by_kind), COALESCE(k.revoked_by_name, m.revoked_by_name),
                COALESCE(k.revoked_reason, m.revoked_reason), k.insert_revision, k.change_revision,
                k.version + CASE WHEN m.tenant IS NULL THEN 0 ELSE 1 END, k.predecessor, k.successor, k.imported_as,
                k.lifetime_millis""";

        private static final String READ_WITH_USE = READ + ", u.last_used_at, u.use_count, u.used_scopes";

        /** The mark of a key's tenant, if it revokes the key: a key with a revocation of its own keeps that. */
        private static final String MARKED = """
                LEFT JOIN keywright_tenant m
                    ON m.tenant = k.tenant AND m.revoked_upto >= k.insert_revision AND k.revoked_at IS NULL""";

        /** That no mark revokes a key, in a statement of one table. */
        private static final String UNMARKED = """
                NOT EXISTS (
                    SELECT 1
                    FROM keywright_tenant m
                    WHERE m.tenant = keywright_key.tenant AND m.revoked_upto >= keywright_key.insert_revision)""";

        private static final String ACTIVE =
                "AND k.revoked_at IS NULL AND m.tenant IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)";

        private static final String EXPIRED = "AND k.revoked_at IS NULL AND m.tenant IS NULL AND k.expires_at <= ?";

        private static final String REVOKED = "AND (k.revoked_at IS NOT NULL OR m.tenant IS NOT NULL)";

        private static final String OF_CREATOR = "AND k.created_by_name = ? AND k.created_by_kind = ?";

        private static final String COUNTED = """
                (SELECT COUNT(*)
                 FROM (SELECT 1 AS one
                       FROM keywright_key k
                       WHERE k.tenant = ? AND k.revoked_at IS NULL AND %s
                           AND k.insert_revision > COALESCE((SELECT revoked_upto FROM keywright_tenant WHERE tenant = ?), -1)
                           AND NOT EXISTS (
                               SELECT 1
                               FROM keywright_key s LEFT JOIN keywright_tenant m
                                   ON m.tenant = s.tenant AND m.revoked_upto >= s.insert_revision
                               WHERE s.tenant = k.tenant AND s.id = k.successor AND s.revoked_at IS NULL
                                   AND m.tenant IS NULL AND (s.expires_at IS NULL OR s.expires_at > ?))
                       ORDER BY k.tenant, k.revoked_at, k.expires_at, k.insert_revision
                       LIMIT ?) counted)
                """;

        private Columns() {}

        /**
         * A page of keys. It is found by where it begins, and ordered by an index from its first column on: however many keys
         * other tenants have, and however far on it is. Keys of the tenant in other states are walked over.
         */
        private static String page(String creator, String state) {
            return """
                    SELECT %s
                    FROM keywright_key k LEFT JOIN keywright_usage u ON u.key_id = k.id %s
                    WHERE k.tenant = ? AND k.created_at >= ? AND (k.created_at > ? OR k.insert_revision > ?) %s %s
                    ORDER BY k.tenant, k.created_at, k.insert_revision
                    LIMIT ?
                    """.formatted(READ_WITH_USE, MARKED, creator, state);
        }
    }
}
