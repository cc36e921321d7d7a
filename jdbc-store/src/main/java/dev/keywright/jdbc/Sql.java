package dev.keywright.jdbc;

import java.util.Set;

/** Every statement that the store sends. {@link Rows} knows the columns in the order in which they stand here. */
final class Sql {

    static final String COLUMNS = """
            id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, ends_at,
            revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, inserted_at, changed_at""";

    /** The columns that rows are found and told apart by. */
    static final Set<String> COMPARED = Set.of("id", "tenant", "digest", "pepper");

    /** The lock that this takes puts all writers in one order; so it comes first in each of their transactions. */
    static final String TAKE_REVISION = """
            UPDATE keywright_coherence
            SET revision = revision + 1
            WHERE id = 1
            """;

    static final String COHERENCE = """
            SELECT revision, lease_millis
            FROM keywright_coherence
            WHERE id = 1
            """;

    static final String INSERT = """
            INSERT INTO keywright_key (%s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(COLUMNS);

    static final String REVOKE = """
            UPDATE keywright_key
            SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?, changed_at = ?
            WHERE tenant = ? AND id = ? AND revoked_at IS NULL
            """;

    static final String FIND_BY_DIGEST = """
            SELECT %s
            FROM keywright_key
            WHERE digest = ?
            """.formatted(COLUMNS);

    static final String FIND = """
            SELECT %s
            FROM keywright_key
            WHERE tenant = ? AND id = ?
            """.formatted(COLUMNS);

    /**
     * The page is found by where it begins, and ordered by an index from its first column on: however many keys other
     * tenants have, and however far on it is. Revoked and ended keys of the tenant are walked over.
     */
    static final String LIST_ACTIVE = """
            SELECT %s
            FROM keywright_key
            WHERE tenant = ? AND created_at >= ? AND (created_at > ? OR inserted_at > ?)
                AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            ORDER BY tenant, created_at, inserted_at
            LIMIT ?
            """.formatted(COLUMNS);

    static final String COUNT_ACTIVE_BY_PEPPER = """
            SELECT pepper, COUNT(*)
            FROM keywright_key
            WHERE revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?)
            GROUP BY pepper
            """;

    private Sql() {}
}
