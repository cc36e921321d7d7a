package dev.keywright.jdbc;

import dev.keywright.ApiKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every statement that the store sends. {@link Rows} knows the columns of a key in the order in which they stand here, and
 * {@link Uses} those of its use behind them. {@code IN (?)} stands for as many values as there are.
 */
final class Sql {

    static final String COLUMNS = """
            id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, ends_at,
            revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, inserted_at, changed_at, version, predecessor,
            successor, imported_as""";

    static final String USE_COLUMNS = "last_used_at, use_count, used_scopes";

    /** The columns that rows are found and told apart by, and the ids that they name. */
    static final Set<String> BYTES =
            Set.of("id", "tenant", "digest", "pepper", "predecessor", "successor", "imported_as", "key_id");

    /** The lock that this takes puts all writers in one order; so it comes first in each of their transactions. */
    static final String TAKE_REVISIONS = """
            UPDATE keywright_coherence
            SET revision = revision + ?
            WHERE id = 1
            """;

    static final String COHERENCE = """
            SELECT revision, lease_millis
            FROM keywright_coherence
            WHERE id = 1
            """;

    static final String SET_FLOOR = """
            UPDATE keywright_coherence
            SET floor = ?
            WHERE id = 1
            """;

    static final String INSERT = """
            INSERT INTO keywright_key (%s, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(COLUMNS);

    static final String INSERT_USE = """
            INSERT INTO keywright_use (key_id, use_count)
            VALUES (?, 0)
            """;

    /** Those on their way out are not counted where their successors are. */
    static final String COUNT_OF_TENANT = """
            SELECT COUNT(*)
            FROM keywright_key k
            WHERE k.tenant = ? AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > ?)
                AND NOT EXISTS (
                    SELECT 1
                    FROM keywright_key s
                    WHERE s.id = k.successor AND s.revoked_at IS NULL AND (s.ends_at IS NULL OR s.ends_at > ?))
            """;

    static final String CHANGE = """
            UPDATE keywright_key
            SET name = ?, scopes = ?, ends_at = ?, successor = ?, revoked_at = ?, revoked_by_kind = ?,
                revoked_by_name = ?, revoked_reason = ?, ended_at = ?, changed_at = ?, version = version + 1
            WHERE tenant = ? AND id = ? AND version = ?
                AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            """;

    static final String REVOKE_ALL = """
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
                ended_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END, changed_at = ?, version = version + 1
            WHERE tenant = ? AND revoked_at IS NULL
            """;

    static final String REVOKE = REVOKE_ALL + "    AND id = ?\n";

    /**
     * What ended long ago. The lower bound is the smallest number there is: without it, H2 walks over every key that has no
     * end, since it sorts NULL first.
     */
    static final String PURGEABLE = """
            SELECT id
            FROM keywright_key
            WHERE ended_at >= ? AND ended_at < ?
            ORDER BY ended_at
            LIMIT ?
            """;

    static final String DELETE = """
            DELETE FROM keywright_key
            WHERE id IN (?)
            """;

    static final String DELETE_USE = """
            DELETE FROM keywright_use
            WHERE key_id IN (?)
            """;

    /** Each verification sends this one: it stays with one table and one index. */
    static final String FIND_BY_DIGEST = """
            SELECT %s
            FROM keywright_key
            WHERE digest = ?
            """.formatted(COLUMNS);

    private static final String WITH_USE = """
            SELECT %s, %s
            FROM keywright_key LEFT JOIN keywright_use ON key_id = id
            """.formatted(COLUMNS, USE_COLUMNS);

    static final String FIND_ALL_BY_DIGEST = WITH_USE + "WHERE digest IN (?)\n";

    static final String FIND = WITH_USE + "WHERE tenant = ? AND id = ?\n";

    /**
     * The page is found by where it begins, and ordered by an index from its first column on: however many keys other
     * tenants have, and however far on it is. Keys of the tenant in other states are walked over.
     */
    private static final String PAGE = WITH_USE + """
            WHERE tenant = ? AND created_at >= ? AND (created_at > ? OR inserted_at > ?)%s
            ORDER BY tenant, created_at, inserted_at
            LIMIT ?
            """;

    static final String LIST = PAGE.formatted("");

    static final String LIST_ACTIVE =
            PAGE.formatted("\n    AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)");

    static final String LIST_EXPIRED = PAGE.formatted("\n    AND revoked_at IS NULL AND ends_at <= ?");

    static final String LIST_REVOKED = PAGE.formatted("\n    AND revoked_at IS NOT NULL");

    static final String COUNT_ACTIVE = """
            SELECT pepper, imported_as, COUNT(*)
            FROM keywright_key
            WHERE revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            GROUP BY pepper, imported_as
            """;

    /** A plain look: in a condition of the UPDATE itself, some databases would lock the rows of the keys for it. */
    static final String FIND_USES_OF_ACTIVE = """
            SELECT id, tenant, used_scopes
            FROM keywright_use JOIN keywright_key ON id = key_id
            WHERE key_id IN (?) AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            """;

    /** A count that somebody has made absurd begins anew: as a sum it might overflow, and fail every other key's too. */
    static final String ADD_USE = """
            UPDATE keywright_use
            SET use_count = ? + CASE WHEN use_count BETWEEN 0 AND 1000000000000000000 THEN use_count ELSE 0 END,
                last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
            WHERE key_id = ?
            """;

    static final String FIND_USED_SCOPES = """
            SELECT key_id, used_scopes
            FROM keywright_use
            WHERE key_id IN (?)
            """;

    static final String SET_USED_SCOPES = """
            UPDATE keywright_use
            SET used_scopes = ?
            WHERE key_id = ?
            """;

    /** Of keys that are not revoked, what ended is what ends. */
    static final String ENDING = """
            SELECT %s, %s
            FROM keywright_key JOIN keywright_use ON key_id = id
            WHERE ended_at > ? AND ended_at <= ? AND revoked_at IS NULL AND end_told_at IS NULL
            ORDER BY ended_at
            LIMIT ?
            """.formatted(COLUMNS, USE_COLUMNS);

    /** Whoever changes the row has the key. */
    static final String TAKE_ENDING = """
            UPDATE keywright_use
            SET end_told_at = ?
            WHERE key_id = ? AND end_told_at IS NULL
            """;

    private Sql() {}

    /** Lists a page of the keys in a state, which takes the present instant as a value if it {@link #dependsOnTime}. */
    static String list(ApiKey.@Nullable State state) {
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
}
