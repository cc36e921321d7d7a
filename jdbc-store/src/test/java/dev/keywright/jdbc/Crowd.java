package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * So many keys that it matters by which way a database goes to find one. They are made in the database itself, by arithmetic
 * that all databases know: one key a second, in turn for each tenant; of ten, one is revoked and three have an end, of twenty,
 * one has a successor, and of a hundred, one was imported.
 */
record Crowd(int size) {

    private static final int TENANTS = 11;

    private static final long BORN = Samples.NOW.toEpochMilli();

    private static final String KEYS = """
            INSERT INTO keywright_key (%s, inactive_at)
            SELECT CAST(CONCAT('key', x * 2654435761 % 4294967296) AS BYTES), CAST(CONCAT('tenant', x % 11) AS BYTES),
                CAST(CONCAT('0123456789abcdef012345', 1000000000 + x * 2654435761 % 4294967296) AS BYTES),
                CAST(CONCAT('pepper', x % 2) AS BYTES), 'Reporting Script', 'o5p6', 'read:people write:people', at,
                'PERSON', CAST(CONCAT('person', x % 13) AS BYTES), CASE WHEN x % 10 IN (1, 3, 5) THEN at END,
                CASE x % 10 WHEN 0 THEN at END,
                CASE x % 10 WHEN 0 THEN 'JOB' END, CASE x % 10 WHEN 0 THEN 'cleaner' END, NULL, x, x, 1, NULL,
                CASE x % 20 WHEN 2 THEN CAST(CONCAT('key', (x + 1) * 2654435761 % 4294967296) AS BYTES) END,
                CAST(CASE x % 100 WHEN 4 THEN 'old_' ELSE '' END AS BYTES), NULL, CASE WHEN x % 10 IN (0, 1, 3, 5) THEN at END
            FROM (SELECT x, BORN + x * 1000 AS at FROM NUMBERS) numbered
            """.replace("%s", Sql.Columns.KEY);

    /** One tenant whose keys are just being revoked all at once, and what was purged. */
    private static final List<String> BESIDE = List.of(
            "INSERT INTO keywright_tenant SELECT CAST('tenant3' AS BYTES), 0, BORN, 'JOB', 'cleaner', NULL, 0", """
            INSERT INTO keywright_eviction
            SELECT 0, id, change_revision
            FROM keywright_key
            WHERE insert_revision % 2 = 0
            """);

    private static final String USES = """
            INSERT INTO keywright_usage (key_id, last_used_at, use_count, used_scopes)
            SELECT id, created_at, 7, 'read:people'
            FROM keywright_key
            """;

    /** Fills a database, and has it look at what it now holds. */
    void fill(TestDatabase database, Connection connection) throws SQLException {
        String keys = KEYS.replace("BORN", String.valueOf(BORN))
                .replace("BYTES", bytes(database))
                .replace("NUMBERS", numbers(database).formatted(size));
        try (Statement statement = connection.createStatement()) {
            statement.execute(keys);
            statement.execute(USES);
            for (String sql : BESIDE) {
                statement.execute(sql.replace("BORN", String.valueOf(BORN)).replace("BYTES", bytes(database)));
            }
            switch (database) {
                case H2, SQLITE -> statement.execute("ANALYZE");
                case POSTGRESQL ->
                    statement.execute(
                            "VACUUM ANALYZE keywright_key, keywright_usage, keywright_tenant, keywright_eviction, keywright_coherence");
                case MARIADB, MARIADB_MYSQL ->
                    statement.execute(
                            "ANALYZE TABLE keywright_key, keywright_usage, keywright_tenant, keywright_eviction, keywright_coherence");
            }
        }
    }

    static String bytes(TestDatabase database) {
        return switch (database) {
            case H2 -> "VARBINARY";
            case SQLITE -> "BLOB";
            case POSTGRESQL -> "BYTEA";
            case MARIADB, MARIADB_MYSQL -> "BINARY";
        };
    }

    static String numbers(TestDatabase database) {
        return switch (database) {
            case H2 -> "SYSTEM_RANGE(1, %d)";
            case SQLITE ->
                "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < %d) SELECT x FROM n) n";
            case POSTGRESQL -> "generate_series(1, %d) AS n(x)";
            case MARIADB, MARIADB_MYSQL -> "(SELECT CAST(seq AS INT) AS x FROM seq_1_to_%d) n";
        };
    }

    static byte[] id(int number) {
        return RowMapper.bytes("key" + mixed(number));
    }

    static byte[] digest(int number) {
        return RowMapper.bytes("0123456789abcdef012345" + (1_000_000_000 + mixed(number)));
    }

    static byte[] tenant(int number) {
        return RowMapper.bytes("tenant" + number % TENANTS);
    }

    /** When half of the keys had been created, and half of those that end had ended. */
    long now() {
        return BORN + size * 500L;
    }

    private static long mixed(int number) {
        return number * 2_654_435_761L % 4_294_967_296L;
    }
}
