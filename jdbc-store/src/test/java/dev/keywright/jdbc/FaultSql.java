package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/** Statements that inject faults into a server. */
enum FaultSql {
    POSTGRESQL {
        @Override
        void kill(DataSource direct) throws SQLException {
            H2.ask(
                    direct,
                    "SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = '"
                            + REMOTE + "'");
        }

        @Override
        String waiting() {
            return "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '"
                    + REMOTE + "'";
        }

        @Override
        String busy() {
            return "SELECT COUNT(*) FROM pg_stat_activity WHERE state <> 'idle' AND application_name = '" + REMOTE
                    + "'";
        }

        @Override
        String session() {
            return """
                SELECT CONCAT_WS(' ', current_setting('statement_timeout'),
                    current_setting('idle_in_transaction_session_timeout'),
                    current_setting('default_transaction_isolation'),
                    current_setting('default_transaction_read_only'))\
                """;
        }

        @Override
        String lockKeys() {
            return "LOCK TABLE keywright_key IN ACCESS EXCLUSIVE MODE";
        }

        @Override
        String unlock() {
            return "ROLLBACK";
        }

        @Override
        List<String> failing(int times, String state) {
            return List.of(
                    "CREATE SEQUENCE failures",
                    """
                    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        IF nextval('failures') <= %d THEN
                            RAISE EXCEPTION 'given up' USING ERRCODE = '%s';
                        END IF;
                        RETURN NEW;
                    END $$\
                    """.formatted(times, state),
                    "CREATE TRIGGER failing BEFORE UPDATE ON keywright_key FOR EACH ROW EXECUTE FUNCTION fail()");
        }

        @Override
        List<String> winsDeadlock() {
            return List.of("SET deadlock_timeout = '1h'");
        }
    },

    MARIADB {
        @Override
        void kill(DataSource direct) throws SQLException {
            String ids = H2.ask(
                    direct,
                    "SELECT GROUP_CONCAT(ID) FROM information_schema.PROCESSLIST WHERE USER = '" + REMOTE + "'");
            if (!ids.equals("null")) {
                H2.run(
                        direct,
                        Arrays.stream(ids.split(",")).map(id -> "KILL " + id).toArray(String[]::new));
            }
        }

        @Override
        String waiting() {
            return "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'Updating' AND USER = '" + REMOTE
                    + "'";
        }

        @Override
        String busy() {
            return "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND USER = '" + REMOTE
                    + "'";
        }

        @Override
        String session() {
            return "SELECT CONCAT_WS(' ', @@max_statement_time, @@tx_isolation, @@tx_read_only, @@autocommit)";
        }

        @Override
        String lockKeys() {
            return "LOCK TABLES keywright_key WRITE";
        }

        @Override
        String unlock() {
            return "UNLOCK TABLES";
        }

        @Override
        List<String> failing(int times, String state) {
            return List.of("CREATE SEQUENCE failures", """
                CREATE TRIGGER failing BEFORE UPDATE ON keywright_key FOR EACH ROW
                    IF NEXTVAL(failures) <= %d THEN
                        SIGNAL SQLSTATE '%s' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'given up';
                    END IF\
                """.formatted(times, state));
        }

        /** The server rolls back the transaction with fewer changes. */
        @Override
        List<String> winsDeadlock() {
            return List.of(
                    "CREATE TEMPORARY TABLE IF NOT EXISTS ballast (id INT) ENGINE = InnoDB",
                    "INSERT INTO ballast SELECT seq FROM seq_1_to_100",
                    "INSERT INTO keywright_usage (key_id, use_count) SELECT CONCAT('ballast', seq), 0 FROM"
                            + " seq_1_to_100");
        }
    };

    /** Name of the connections through the proxy. */
    static final String REMOTE = "remote";

    /** Terminates all connections through proxies. */
    abstract void kill(DataSource direct) throws SQLException;

    /** Counts the connections through proxies that wait for a lock. */
    abstract String waiting();

    /** Counts the connections through proxies that are not idle. */
    abstract String busy();

    /** Reads the settings of the session. */
    abstract String session();

    /** Locks the table of keys against reads. */
    abstract String lockKeys();

    /** Releases that lock. */
    abstract String unlock();

    /** Makes a number of updates of keys fail with an SQLState (on MariaDB, with the error "table is full"). */
    abstract List<String> failing(int times, String state);

    /** Makes the other transaction win a deadlock. */
    abstract List<String> winsDeadlock();

    /** Returns how often an update of keys was attempted. The query itself counts, so it is run once. */
    static long attempts(DataSource direct, FaultSql server) throws SQLException {
        return H2.number(direct, server == POSTGRESQL ? "SELECT nextval('failures')" : "SELECT NEXTVAL(failures)") - 1;
    }

    /** Returns the SQLState of a full disk. */
    String diskFull() {
        return this == POSTGRESQL ? "53100" : "HY000";
    }

    /** Begins a transaction that holds the lock of the writers. */
    static Connection holdWriterLock(DataSource direct) throws SQLException {
        return holdLocks(direct, "UPDATE keywright_coherence SET lease_millis = lease_millis WHERE id = 1");
    }

    /** Begins a transaction that holds the locks of some statements. */
    static Connection holdLocks(DataSource direct, String... statements) throws SQLException {
        Connection connection = direct.getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return connection;
    }

    /** Waits until a connection through a proxy waits for a lock. */
    void awaitWaiting(DataSource direct) throws SQLException {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            boolean waiting = false;
            while (!waiting) {
                try (ResultSet rows = statement.executeQuery(waiting())) {
                    waiting = rows.next() && rows.getLong(1) > 0;
                }
            }
        }
    }
}
