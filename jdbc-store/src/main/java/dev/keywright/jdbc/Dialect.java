package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Differences between databases. CONTRIBUTING.md lists the steps for a further database. Stateless and
 * thread-safe.
 */
abstract sealed class Dialect permits H2Dialect, MySqlDialect, PostgreSqlDialect, SqliteDialect {

    static Dialect of(JdbcDialect name) {
        return switch (name) {
            case H2 -> new H2Dialect();
            case MYSQL -> new MySqlDialect();
            case POSTGRESQL -> new PostgreSqlDialect();
            case SQLITE -> new SqliteDialect();
        };
    }

    /** {@return the folder of the schema file, in this jar and for migration tools} */
    abstract String folder();

    /** Returns whether a failure is a violation of the uniqueness of an id or a digest. */
    abstract boolean isDuplicate(SQLException e);

    /** Returns whether a statement failed because a table does not exist. */
    abstract boolean isMissingTable(SQLException e);

    /** Returns whether a statement of the schema file failed because the table, index or constraint already exists. */
    abstract boolean alreadyExists(SQLException e);

    /**
     * Returns whether the database rolled a transaction back to resolve a conflict, so that it may be retried. In the SQL standard
     * these are the states of class 40, except 40003, "statement completion unknown".
     */
    boolean isRolledBack(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.startsWith("40") && !state.equals("40003");
    }

    /**
     * Returns a statement that sets the transaction that has just begun to READ COMMITTED and read-write, and bounds it in time. It
     * applies to this transaction alone, since a pooler may give the session to another client afterwards. Empty if the
     * methods of JDBC suffice.
     */
    Optional<String> transactionSettings(Duration timeout) {
        return Optional.empty();
    }

    /** {@return whether the database is a server: then each statement, and each wait for its result, is bounded} */
    boolean isServer() {
        return false;
    }

    /** {@return whether the {@link #transactionSettings} bound each statement of the transaction} */
    boolean boundsTransactions() {
        return false;
    }

    /** {@return whether a connection at READ UNCOMMITTED reads uncommitted changes of other transactions} */
    boolean hasDirtyReads() {
        return true;
    }

    /** {@return whether a transaction that has read may write only if no other has written since it began} */
    boolean mustLockBeforeReading() {
        return false;
    }

    /**
     * {@return whether a snapshot that has a commit also has all earlier ones} If not, a revision must be read in a statement of its
     * own, before the keys.
     */
    boolean hasOrderedSnapshots() {
        return true;
    }

    /** Returns whether the server is a replica, or read-only. */
    boolean isReplica(DatabaseInspector inspector) throws SQLException {
        return false;
    }

    /** Returns the reason why the store cannot use a database with these settings, and the cure; empty if it can. */
    Optional<String> unusable(DatabaseInspector inspector) throws SQLException {
        return Optional.empty();
    }

    /** Returns the first column that cannot store every character, and the cure; empty if there is none. */
    Optional<String> lossyColumn(DatabaseInspector inspector) throws SQLException {
        return Optional.empty();
    }

    /** Returns whether a text survives the round trip to the database, in the type of the columns. Writes nothing. */
    boolean keepsText(DatabaseInspector inspector, String text) throws SQLException {
        return inspector.value("SELECT CAST(? AS VARCHAR(100))", text).equals(Optional.of(text));
    }

    /** Returns the reason why a text does not survive the round trip, and the cure. */
    String lossyText(DatabaseInspector inspector) throws SQLException {
        return "the database or its driver changes characters of text, so that names, actors and reasons would be"
                + " lost: set the database and the connection to UTF-8";
    }

    /** Returns an expression that is positive if a text, or a binary column, contains the value of its parameter. */
    String contains(String column) {
        return "POSITION(? IN " + column + ")";
    }

    /** Returns settings that put durability or availability at risk, as sentences for the log. */
    abstract List<String> warnings(DatabaseInspector inspector) throws SQLException;
}
