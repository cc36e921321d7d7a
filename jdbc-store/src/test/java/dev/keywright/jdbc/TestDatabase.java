package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Databases that tests run on. A server is started on first use, and stops with this process. */
enum TestDatabase {
    H2 {
        @Override
        String emptyUrl() {
            return "jdbc:h2:mem:" + nextName() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
        }

        @Override
        String blocked() {
            return "SELECT COUNT(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
        }
    },

    SQLITE {
        @Override
        String emptyUrl() throws Exception {
            Path file = Files.createTempDirectory("keywright-sqlite").resolve("keys.db");
            file.toFile().deleteOnExit();
            // Durability is not under test.
            return "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=OFF&busy_timeout=10000";
        }
    },

    POSTGRESQL {
        @Override
        String emptyUrl() throws Exception {
            String name = nextName();
            String url = PostgreSqlServer.shared().url();
            run(url, "CREATE SCHEMA " + name);
            return url + "&currentSchema=" + name;
        }

        @Override
        String blocked() {
            return "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE"
                    + " relation = 'keywright_coherence'::regclass)";
        }
    },

    MARIADB {
        @Override
        String emptyUrl() throws Exception {
            return emptyOnMariaDb("mariadb");
        }
    },

    /** MariaDB through the driver of MySQL. */
    MARIADB_MYSQL {
        @Override
        String emptyUrl() throws Exception {
            return emptyOnMariaDb("mysql");
        }
    };

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Creates an empty database or schema, and returns its URL. */
    abstract String emptyUrl() throws Exception;

    /**
     * Returns a query that counts the connections that wait for a lock. On MariaDB not from INNODB_TRX, which returns a cached result
     * to queries less than 0.1 seconds apart.
     */
    String blocked() {
        return """
            SELECT VARIABLE_VALUE
            FROM information_schema.GLOBAL_STATUS
            WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'\
            """;
    }

    /** Waits until a connection waits for a lock. */
    void awaitBlocked(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            boolean blocked = false;
            while (!blocked) {
                try (ResultSet rows = statement.executeQuery(blocked())) {
                    blocked = rows.next() && rows.getLong(1) > 0;
                }
            }
        }
    }

    /** Returns a pool on an empty database. */
    HikariDataSource pool() throws Exception {
        return pool(emptyUrl());
    }

    /** Returns a pool. */
    static HikariDataSource pool(String url) {
        return pool(url, null);
    }

    /** Returns a pool that runs a statement on each new connection. */
    static HikariDataSource pool(String url, @Nullable String init) {
        HikariConfig config = new HikariConfig();
        config.setConnectionInitSql(init);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    static String nextName() {
        return "t" + NAMES.incrementAndGet();
    }

    private static String emptyOnMariaDb(String driver) throws SQLException {
        String name = nextName();
        run(MariaDbServer.shared().url(driver, ""), "CREATE DATABASE " + name);
        return MariaDbServer.shared().url(driver, name);
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
