package dev.keywright.jdbc;

/**
 * All statements of the store except lists, in SQL that every supported database accepts; {@link ListStatement} builds lists.
 * {@link RowMapper} reads the columns of a key in the order in which they are listed here, and {@link UsageStatements} the columns
 * of its usage, which follow them. {@code IN (?)} stands for any number of values, and {@code keywright_} for the table prefix of
 * the host.
 */
enum Sql {
    /** First statement of each write: locks the row, which orders all writers. */
    TAKE_REVISIONS("""
        UPDATE keywright_coherence
        SET revision = revision + ?
        WHERE id = 1
        """),

    READ_COHERENCE("""
        SELECT revision, lease_millis, marks
        FROM keywright_coherence
        WHERE id = 1
        """),

    READ_SCHEMA_VERSION("""
        SELECT schema_version
        FROM keywright_coherence
        WHERE id = 1
        """),

    SET_LEASE("""
        UPDATE keywright_coherence
        SET lease_millis = ?
        WHERE id = 1 AND lease_millis = 0
        """),

    /**
     * Finds all changes since a revision in one statement, because each statement reads its own snapshot. Does not list keys that
     * were inserted since then and not changed afterwards; the third column is null if no key was inserted. The last condition,
     * which is always true, is for H2 (seen in 2.5.252): it takes no snapshot of a table that appears only in a derived table.
     */
    FIND_CHANGES("""
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
                  LIMIT ?) evictions) e ON 1 = 1
        WHERE c.id = 1 AND NOT EXISTS (SELECT 1 FROM keywright_eviction WHERE kind < 0)
        """),

    UPDATE_EVICTION("""
        UPDATE keywright_eviction
        SET revision = ?
        WHERE kind = ? AND subject = ?
        """),

    INSERT_EVICTION("""
        INSERT INTO keywright_eviction (revision, kind, subject)
        VALUES (?, ?, ?)
        """),

    /** Deletes the evictions of keys (kind 0), before they are inserted with a new revision. */
    DELETE_KEY_EVICTIONS("""
        DELETE FROM keywright_eviction
        WHERE kind = 0 AND subject IN (?)
        """),

    DELETE_EVICTIONS("""
        DELETE FROM keywright_eviction
        WHERE revision <= ?
        """),

    INSERT_KEY("""
        INSERT INTO keywright_key (%s, inactive_at, name_folded)
        VALUES (%s?, ?)
        """.formatted(Fragments.KEY, "?, ".repeat(Fragments.KEY_COLUMNS))),

    INSERT_USAGE("""
        INSERT INTO keywright_usage (key_id, use_count)
        VALUES (?, 0)
        """),

    /**
     * Counts the active keys of a tenant up to the limit, without those whose successor is active. Reads neither expired nor
     * revoked keys, of which there may be many. PostgreSQL would scan the keys of all tenants without the condition on the tenant
     * of the successor and the order by the columns of the index.
     */
    COUNT_ACTIVE_OF_TENANT("SELECT\n"
            + Fragments.COUNTED.formatted("k.expires_at IS NULL", Fragments.ACTIVE_ORDER)
            + "+\n"
            + Fragments.COUNTED.formatted("k.expires_at > ?", Fragments.ACTIVE_ORDER)),

    /** Counts the active keys of an owner likewise. Reads the expired keys of the owner, too. */
    COUNT_ACTIVE_OF_OWNER("SELECT\n"
            + Fragments.COUNTED.formatted(
                    "k.owner_name = ? AND k.owner_kind = ? AND (k.expires_at IS NULL OR k.expires_at > ?)", "")),

    CHANGE_KEY("""
        UPDATE keywright_key
        SET name = ?, name_folded = ?, scopes = ?, owner_kind = ?, owner_name = ?, description = ?, attributes = ?, expires_at = ?,
            successor = ?, revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?, inactive_at = ?,
            change_revision = ?, version = version + 1
        WHERE tenant = ? AND id = ? AND version = ?
            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND %s
        """.formatted(Fragments.UNMARKED)),

    REVOKE_KEY("""
        UPDATE keywright_key
        SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
            inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, change_revision = ?, version = version + 1
        WHERE tenant = ? AND id = ? AND revoked_at IS NULL AND %s
        """.formatted(Fragments.UNMARKED)),

    /** Does not change {@code inactive_at}: a suspended key stays active. */
    SUSPEND_KEY("""
        UPDATE keywright_key
        SET suspended_at = ?, suspended_by_kind = ?, suspended_by_name = ?, suspended_reason = ?, change_revision = ?,
            version = version + 1
        WHERE tenant = ? AND id = ? AND suspended_at IS NULL
            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND %s
        """.formatted(Fragments.UNMARKED)),

    RESUME_KEY("""
        UPDATE keywright_key
        SET suspended_at = NULL, suspended_by_kind = NULL, suspended_by_name = NULL, suspended_reason = NULL,
            change_revision = ?, version = version + 1
        WHERE tenant = ? AND id = ? AND suspended_at IS NOT NULL
            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND %s
        """.formatted(Fragments.UNMARKED)),

    /** Finds the keys of one creator that are not revoked. */
    FIND_IDS_OF_CREATOR("""
        SELECT id
        FROM keywright_key
        WHERE tenant = ? AND created_by_name = ? AND created_by_kind = ? AND revoked_at IS NULL
            AND insert_revision > COALESCE((SELECT revoked_upto FROM keywright_tenant WHERE tenant = ?), -1)
        LIMIT ?
        """),

    /** Finds the keys of one owner that are not revoked. */
    FIND_IDS_OF_OWNER("""
        SELECT id
        FROM keywright_key
        WHERE tenant = ? AND owner_name = ? AND owner_kind = ? AND revoked_at IS NULL
            AND insert_revision > COALESCE((SELECT revoked_upto FROM keywright_tenant WHERE tenant = ?), -1)
        LIMIT ?
        """),

    REVOKE_KEYS("""
        UPDATE keywright_key
        SET change_revision = ?, revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
            inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, version = version + 1
        WHERE revoked_at IS NULL AND id IN (?)
        """),

    /** Revokes all keys of a tenant that were inserted up to a revision; see {@link TenantRevocations}. */
    INSERT_MARK("""
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

    STORE_MARK_COUNT("""
        UPDATE keywright_coherence
        SET marks = (SELECT COUNT(*) FROM keywright_tenant)
        WHERE id = 1
        """),

    /** Counts the keys that a mark revokes or would revoke, up to the limit. */
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

    /** Keeps the change revision of the keys, since the eviction of the tenant has already invalidated cached results. */
    SWEEP_KEYS("""
        UPDATE keywright_key
        SET revoked_at = ?, revoked_by_kind = ?, revoked_by_name = ?, revoked_reason = ?,
            inactive_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END, version = version + 1
        WHERE revoked_at IS NULL AND id IN (?)
        """),

    /**
     * Finds keys that became inactive before an instant. The lower bound is the smallest {@code long}: without it, H2 scans every
     * key without an expiry, since it sorts NULL first.
     */
    FIND_PURGEABLE("""
        SELECT id
        FROM keywright_key
        WHERE inactive_at >= ? AND inactive_at < ?
        ORDER BY inactive_at
        LIMIT ?
        """),

    FIND_IDS_OF_TENANT("""
        SELECT id
        FROM keywright_key
        WHERE tenant = ?
        ORDER BY tenant, created_at, insert_revision
        LIMIT ?
        """),

    DELETE_KEYS("""
        DELETE FROM keywright_key
        WHERE id IN (?)
        """),

    DELETE_USAGE("""
        DELETE FROM keywright_usage
        WHERE key_id IN (?)
        """),

    /**
     * Lookup of each verification: joins as few tables as possible, and always returns a row, with the revision of its snapshot. If
     * the snapshot has any mark, {@link #FIND_MARKED_BY_DIGEST} determines whether a mark revokes the key.
     */
    FIND_BY_DIGEST("""
        SELECT %s, c.revision, c.marks
        FROM keywright_coherence c LEFT JOIN keywright_key k ON k.digest = ?
        WHERE c.id = 1
        """.formatted(Fragments.ROW)),

    FIND_MARKED_BY_DIGEST("""
        SELECT %s, c.revision, c.marks
        FROM keywright_coherence c LEFT JOIN keywright_key k ON k.digest = ? %s
        WHERE c.id = 1
        """.formatted(Fragments.READ, Fragments.MARKED)),

    FIND_ALL_BY_DIGEST("""
        SELECT %s
        FROM keywright_key k LEFT JOIN keywright_usage u ON u.key_id = k.id %s
        WHERE k.digest IN (?)
        """.formatted(Fragments.READ_WITH_USAGE, Fragments.MARKED)),

    /** Finds a key that was issued for a request after an instant. */
    FIND_BY_ISSUE_REQUEST("""
        SELECT %s
        FROM keywright_key k LEFT JOIN keywright_usage u ON u.key_id = k.id %s
        WHERE k.issue_request = ? AND k.tenant = ? AND k.created_at > ?
        LIMIT 1
        """.formatted(Fragments.READ_WITH_USAGE, Fragments.MARKED)),

    FIND_BY_ID("""
        SELECT %s, c.revision
        FROM keywright_coherence c LEFT JOIN keywright_key k ON k.tenant = ? AND k.id = ?
            LEFT JOIN keywright_usage u ON u.key_id = k.id %s
        WHERE c.id = 1
        """.formatted(Fragments.READ_WITH_USAGE, Fragments.MARKED)),

    /** Seeks the next format in the index, independent of the number of keys. */
    NEXT_FORMAT("""
        SELECT pepper, format
        FROM keywright_key
        WHERE pepper = ? AND format > ? AND revoked_at IS NULL
        ORDER BY pepper, format
        LIMIT 1
        """),

    NEXT_PEPPER("""
        SELECT pepper, format
        FROM keywright_key
        WHERE pepper > ? AND revoked_at IS NULL
        ORDER BY pepper, format
        LIMIT 1
        """),

    /** Finds an active key without an expiry. Separate from {@link #ANY_WITH_EXPIRY}, since no index serves an OR. */
    ANY_WITHOUT_EXPIRY("""
        SELECT 1
        FROM keywright_key
        WHERE pepper = ? AND format = ? AND revoked_at IS NULL AND expires_at IS NULL AND %s
        LIMIT 1
        """.formatted(Fragments.UNMARKED)),

    /** Finds an active key with an expiry, ordered as the index is, so that the index is used. */
    ANY_WITH_EXPIRY("""
        SELECT 1
        FROM keywright_key
        WHERE pepper = ? AND format = ? AND revoked_at IS NULL AND expires_at > ? AND %s
        ORDER BY pepper, format, revoked_at, expires_at
        LIMIT 1
        """.formatted(Fragments.UNMARKED)),

    /** Counts the keys that are active by their rows, from an index alone, and subtracts the keys that a mark revokes. */
    COUNT_ACTIVE_BY_ORIGIN("""
        SELECT pepper, format, COUNT(*)
        FROM keywright_key
        WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)
        GROUP BY pepper, format
        UNION ALL
        SELECT k.pepper, k.format, -COUNT(*)
        FROM keywright_tenant m JOIN keywright_key k ON k.tenant = m.tenant AND k.insert_revision <= m.revoked_upto
        WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
        GROUP BY k.pepper, k.format
        """),

    /** Separate from the UPDATE, in which some databases would lock the rows of the keys. */
    FIND_USAGE("""
        SELECT id, tenant, used_scopes
        FROM keywright_usage JOIN keywright_key ON id = key_id
        WHERE key_id IN (?)
        """),

    /**
     * Adds to the count, and advances the last use. Resets a count that was corrupted by hand: its sum might overflow, and fail the
     * batch with the counts of other keys.
     */
    ADD_USAGE("""
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

    /**
     * Finds keys that expire soon, without those claimed for this warning or a shorter one. For keys that are not revoked, {@code
     * inactive_at} is the expiry.
     */
    FIND_EXPIRING("""
        SELECT %s, k.inactive_at
        FROM keywright_key k JOIN keywright_usage u ON u.key_id = k.id %s
        WHERE k.inactive_at > ? AND k.inactive_at <= ? AND k.revoked_at IS NULL AND m.tenant IS NULL
            AND (u.expiry_warning_millis IS NULL OR u.expiry_warning_millis > ?)
        ORDER BY k.inactive_at
        LIMIT ?
        """.formatted(Fragments.READ_WITH_USAGE, Fragments.MARKED)),

    /**
     * Finds the same keys, of those that were inserted or changed since a revision. Compares {@code expires_at}, which has no index
     * without the tenant, so that the index of the change feed is used.
     */
    FIND_CHANGED_EXPIRING("""
        SELECT %s, k.inactive_at
        FROM keywright_key k JOIN keywright_usage u ON u.key_id = k.id %s
        WHERE k.change_revision > ? AND k.expires_at > ? AND k.expires_at <= ? AND k.revoked_at IS NULL
            AND m.tenant IS NULL AND (u.expiry_warning_millis IS NULL OR u.expiry_warning_millis > ?)
        ORDER BY k.change_revision, k.insert_revision
        LIMIT ?
        """.formatted(Fragments.READ_WITH_USAGE, Fragments.MARKED)),

    /** Claims the notification for the node that changes the row. */
    CLAIM_EXPIRING("""
        UPDATE keywright_usage
        SET expiry_warning_millis = ?
        WHERE key_id = ? AND (expiry_warning_millis IS NULL OR expiry_warning_millis > ?)
        """);

    private final String text;

    Sql(String text) {
        this.text = text;
    }

    /** {@return the text with the default table prefix} */
    String text() {
        return text;
    }

    /** Fragments of several statements. The alias of a key is {@code k}, of its usage {@code u}, and of its mark {@code m}. */
    static final class Fragments {

        /** Columns of a key in an INSERT. */
        static final String KEY = """
            id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, expires_at,
            revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, insert_revision, change_revision, version,
            predecessor, successor, format, lifetime_millis, environment, owner_kind, owner_name, description, attributes,
            issue_request, suspended_at, suspended_by_kind, suspended_by_name, suspended_reason\
            """;

        /** Number of columns of a key. The columns of a usage follow them, and others come last. */
        static final int KEY_COLUMNS = KEY.split(",").length;

        static final String USAGE = "last_used_at, use_count, used_scopes";

        static final int USAGE_COLUMNS = USAGE.split(",").length;

        static final String MARK = "tenant, revoked_upto, revoked_at, revoked_by_kind, revoked_by_name, revoked_reason";

        /** Columns of a key as stored. */
        private static final String ROW = "k." + KEY.replaceAll(",\\s+", ", k.");

        /** Columns of a key as read: revoked if a {@link #MARKED mark} revokes it, with the values that the sweep will store. */
        private static final String READ = ROW.replaceAll("k\\.(revoked_\\w+)", "COALESCE(k.$1, m.$1)")
                .replace("k.version", "k.version + CASE WHEN m.tenant IS NULL THEN 0 ELSE 1 END");

        private static final String READ_WITH_USAGE = READ + ", u." + USAGE.replaceAll(",\\s+", ", u.");

        /** Joins the mark of the tenant if it revokes the key. A key with a revocation of its own keeps that. */
        private static final String MARKED = """
            LEFT JOIN keywright_tenant m
                ON m.tenant = k.tenant AND m.revoked_upto >= k.insert_revision AND k.revoked_at IS NULL\
            """;

        /** Condition that no mark revokes the key, for statements without a join. */
        private static final String UNMARKED = """
            NOT EXISTS (
                SELECT 1
                FROM keywright_tenant m
                WHERE m.tenant = keywright_key.tenant AND m.revoked_upto >= keywright_key.insert_revision)\
            """;

        static final String ACTIVE =
                "k.revoked_at IS NULL AND m.tenant IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)";

        static final String EXPIRED = "k.revoked_at IS NULL AND m.tenant IS NULL AND k.expires_at <= ?";

        static final String REVOKED = "(k.revoked_at IS NOT NULL OR m.tenant IS NOT NULL)";

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
                   %s
                   LIMIT ?) counted)
            """;

        private static final String ACTIVE_ORDER = "ORDER BY k.tenant, k.revoked_at, k.expires_at, k.insert_revision";

        private Fragments() {}

        /**
         * Returns the query for a page of keys. With an order that is that of an index, and a condition that seeks the start of
         * the page in it, the cost does not depend on the keys of other tenants or on the depth of the page.
         */
        static String page(String conditions, String order) {
            return """
                SELECT %s
                FROM keywright_key k LEFT JOIN keywright_usage u ON u.key_id = k.id %s
                WHERE %s
                ORDER BY %s
                LIMIT ?
                """.formatted(READ_WITH_USAGE, MARKED, conditions, order);
        }
    }
}
