package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Population of keys that is large enough for the choice of an index to matter. It is generated in the database, by arithmetic that
 * all databases have: one key per second, for each tenant in turn; of ten keys, one is revoked and three have an expiry, of twenty
 * one has a successor, and of a hundred one is imported.
 */
record KeyPopulation(int size) {

    private static final int TENANTS = 11;

    private static final long FIRST_CREATED = Samples.NOW.toEpochMilli();

    private static final String KEYS = """
        INSERT INTO keywright_key (%s, inactive_at, name_folded)
        SELECT CAST(CONCAT('key', x * 2654435761 % 4294967296) AS BYTES), CAST(CONCAT('tenant', x % 11) AS BYTES),
            CAST(CONCAT('0123456789abcdef012345', 1000000000 + x * 2654435761 % 4294967296) AS BYTES),
            CAST(CONCAT('pepper', x % 2) AS BYTES), CONCAT('Script ', x * 7919 % 1000), CONCAT('h', x % 20000 * 104729 % 100000), 'read:people write:people', at,
            'PERSON', CAST(CONCAT('person', x % 13) AS BYTES), CASE WHEN x % 10 IN (1, 3, 5) THEN at END,
            CASE x % 10 WHEN 0 THEN at END,
            CASE x % 10 WHEN 0 THEN 'JOB' END, CASE x % 10 WHEN 0 THEN 'cleaner' END, NULL, x, x, 1, NULL,
            CASE x % 20 WHEN 2 THEN CAST(CONCAT('key', (x + 1) * 2654435761 % 4294967296) AS BYTES) END,
            CAST(CASE x % 100 WHEN 4 THEN 'import:old_' ELSE 'ck_' END AS BYTES), NULL, NULL,
            CASE WHEN x % 2 = 0 THEN 'PERSON' END,
            CASE WHEN x % 2 = 0 THEN CAST(CONCAT('person', x % 17) AS BYTES) END, NULL, NULL,
            CASE x % 3 WHEN 0 THEN CAST(CONCAT('0123456789abcdef012345', 1000000000 + x) AS BYTES) END, NULL, NULL, NULL, NULL,
            CASE WHEN x % 10 IN (0, 1, 3, 5) THEN at END, CAST(CONCAT('script ', x * 7919 % 1000) AS BYTES)
        FROM (SELECT x, FIRST_CREATED + x * 1000 AS at FROM NUMBERS) numbered
        """.replace("%s", Sql.Fragments.KEY);

    /** The mark of one tenant, and the evictions of purged keys. */
    private static final List<String> MARKS_AND_EVICTIONS = List.of(
            "INSERT INTO keywright_tenant SELECT CAST('tenant3' AS BYTES), 0, FIRST_CREATED, 'JOB', 'cleaner', NULL, 0",
            """
            INSERT INTO keywright_eviction
            SELECT 0, id, change_revision
            FROM keywright_key
            WHERE insert_revision % 2 = 0
            """);

    private static final String USAGE = """
        INSERT INTO keywright_usage (key_id, last_used_at, use_count, used_scopes)
        SELECT id, created_at, 7, 'read:people'
        FROM keywright_key
        """;

    /** Fills a database and updates its statistics. */
    void fill(TestDatabase database, Connection connection) throws SQLException {
        String keys = KEYS.replace("FIRST_CREATED", String.valueOf(FIRST_CREATED))
                .replace("BYTES", bytes(database))
                .replace("NUMBERS", numbers(database).formatted(size));
        try (Statement statement = connection.createStatement()) {
            statement.execute(keys);
            statement.execute(USAGE);
            for (String sql : MARKS_AND_EVICTIONS) {
                statement.execute(sql.replace("FIRST_CREATED", String.valueOf(FIRST_CREATED))
                        .replace("BYTES", bytes(database)));
            }
            switch (database) {
                case H2, SQLITE -> statement.execute("ANALYZE");
                case POSTGRESQL ->
                    statement.execute(
                            "VACUUM ANALYZE keywright_key, keywright_usage, keywright_tenant, keywright_eviction,"
                                    + " keywright_coherence");
                case MARIADB, MARIADB_MYSQL ->
                    statement.execute(
                            "ANALYZE TABLE keywright_key, keywright_usage, keywright_tenant, keywright_eviction,"
                                    + " keywright_coherence");
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
        return RowMapper.bytes("key" + scramble(number));
    }

    static byte[] digest(int number) {
        return RowMapper.bytes("0123456789abcdef012345" + (1_000_000_000 + scramble(number)));
    }

    static byte[] issueRequest(int number) {
        return RowMapper.bytes("0123456789abcdef012345" + (1_000_000_000 + number));
    }

    static byte[] tenant(int number) {
        return RowMapper.bytes("tenant" + number % TENANTS);
    }

    /** Returns the instant at which half of the keys were created, and half of the expiries had passed. */
    long now() {
        return FIRST_CREATED + size * 500L;
    }

    private static long scramble(int number) {
        return number * 2_654_435_761L % 4_294_967_296L;
    }
}
