package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.KeyStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store behind a pooler in transaction mode, where each transaction may use another connection: eight clients share two, so that
 * a session setting that one leaves behind would affect another.
 */
@Tag("pgbouncer")
@EnabledIf(value = "dev.keywright.jdbc.PgBouncer#isInstalled", disabledReason = "PgBouncer is not installed")
class PoolerTest extends KeyStoreContract {

    private static PgBouncer pooler;
    private static Set<String> before;

    private HikariDataSource pool;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        pooler = PgBouncer.before(PostgreSqlServer.shared(), folder);
        before = settingsOfSessions();
    }

    @AfterAll
    static void stop() throws Exception {
        Set<String> after = settingsOfSessions();
        pooler.close();
        assertThat(after).isEqualTo(before);
    }

    @Override
    protected KeyStore newStore() {
        pool = TestDatabase.pool(pooler.url());
        JdbcOptions options = JdbcOptions.defaults().tablePrefix(TestDatabase.nextName() + "_");
        JdbcSchema.install(pool, options);
        return JdbcKeyStore.on(pool, options);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    /**
     * Returns the settings of the sessions of both connections, which two concurrent transactions read. Settings named
     * {@code transaction_…} belong to the transaction, and are reset with each.
     */
    private static Set<String> settingsOfSessions() throws SQLException {
        Set<String> all = new HashSet<>();
        try (HikariDataSource pool = TestDatabase.pool(pooler.url());
                Connection one = pool.getConnection();
                Connection other = pool.getConnection()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            Set<String> sessions = new HashSet<>();
            for (Connection connection : List.of(one, other)) {
                sessions.addAll(column(connection, "SELECT pg_backend_pid()"));
                all.addAll(column(connection, """
                    SELECT name || '=' || setting FROM pg_settings
                    WHERE source IN ('session', 'client') AND name NOT LIKE 'transaction%'
                    UNION ALL SELECT name FROM pg_prepared_statements
                    UNION ALL SELECT locktype FROM pg_locks WHERE locktype = 'advisory'
                    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pg_temp%'
                    """));
            }
            assertThat(sessions).hasSize(2);
        }
        return all;
    }

    private static List<String> column(Connection connection, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
