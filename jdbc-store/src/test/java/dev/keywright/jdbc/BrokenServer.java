package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/** How servers are told to do what nobody wants, in the words of each. */
enum BrokenServer {
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
                        current_setting('default_transaction_read_only'))""";
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
                    END $$""".formatted(times, state),
                    "CREATE TRIGGER failing BEFORE UPDATE ON keywright_key FOR EACH ROW EXECUTE FUNCTION fail()");
        }

        @Override
        List<String> loser() {
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
                        END IF""".formatted(times, state));
        }

        /** What has written less is given up. */
        @Override
        List<String> loser() {
            return List.of(
                    "CREATE TEMPORARY TABLE IF NOT EXISTS ballast (id INT) ENGINE = InnoDB",
                    "INSERT INTO ballast SELECT seq FROM seq_1_to_100",
                    "INSERT INTO keywright_usage (key_id, use_count) SELECT CONCAT('ballast', seq), 0 FROM seq_1_to_100");
        }
    };

    /** What the connections behind the wire are called. */
    static final String REMOTE = "remote";

    /** Ends all connections behind wires. */
    abstract void kill(DataSource direct) throws SQLException;

    /** Asks how many connections behind wires wait for a lock. */
    abstract String waiting();

    /** Asks how many connections behind wires are in the middle of something. */
    abstract String busy();

    /** Asks what the session has been set to. */
    abstract String session();

    /** Locks the keys so that nobody can read them. */
    abstract String lockKeys();

    /** Ends that lock. */
    abstract String unlock();

    /** Lets so many changes to keys fail with this SQLState (on MariaDB, with the error "table is full"). */
    abstract List<String> failing(int times, String state);

    /** What another transaction says so that in a deadlock it is ours that is given up. */
    abstract List<String> loser();

    /** How often a change to keys was tried, since these fail; the question counts too, so it is asked once. */
    static long tries(DataSource direct, BrokenServer server) throws SQLException {
        return H2.number(direct, server == POSTGRESQL ? "SELECT nextval('failures')" : "SELECT NEXTVAL(failures)") - 1;
    }

    /** What the server says where there is no room left. */
    String full() {
        return this == POSTGRESQL ? "53100" : "HY000";
    }

    /** Begins a transaction that takes the lock for which all writers wait. */
    static Connection holdingTheRow(DataSource direct) throws SQLException {
        return holding(direct, "UPDATE keywright_coherence SET lease_millis = lease_millis WHERE id = 1");
    }

    /** Begins a transaction that holds what these statements take. */
    static Connection holding(DataSource direct, String... statements) throws SQLException {
        Connection connection = direct.getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return connection;
    }

    /** Returns once somebody behind a wire waits for a lock. */
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
