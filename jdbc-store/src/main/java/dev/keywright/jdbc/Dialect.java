package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a database does in its own way. A further one is a class beside these, a case in {@link #of}, and a schema file. */
abstract sealed class Dialect permits H2Dialect, MySqlDialect, PostgreSqlDialect, SqliteDialect {

    static Dialect of(JdbcDialect name) {
        return switch (name) {
            case H2 -> new H2Dialect();
            case MYSQL -> new MySqlDialect();
            case POSTGRESQL -> new PostgreSqlDialect();
            case SQLITE -> new SqliteDialect();
        };
    }

    /** The folder of its schema files, in this jar and for tools that migrate databases. */
    abstract String folder();

    /** Whether a failure says that a row with this id or digest is there already. */
    abstract boolean isDuplicate(SQLException e);

    /** Whether a failure says that a table is not there. */
    abstract boolean isMissingTable(SQLException e);

    /** Whether a failure says that the table, column, index or constraint is there already that a statement was to add. */
    abstract boolean isThere(SQLException e);

    /**
     * Whether a failure says that a transaction was given up so that others can go on, and may be begun anew. That is the
     * class 40 of the standard, but for one state of it, which says that the completion is unknown.
     */
    boolean isRolledBack(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.startsWith("40") && !state.equals("40003");
    }

    /**
     * What makes a transaction that has just begun one at READ COMMITTED that may write, bounded in time, and says so of this
     * transaction alone: a pooler may give the session to somebody else after it. Empty where that is a matter of JDBC.
     */
    Optional<String> transaction(Duration timeout) {
        return Optional.empty();
    }

    /** Whether the database is a server, for which each statement, and each wait for its answer, is bounded. */
    boolean isServer() {
        return false;
    }

    /** Whether what a {@link #transaction} begins with bounds each of its statements. */
    boolean boundsTransactions() {
        return false;
    }

    /** Whether a connection may be set so that it sees what others have not committed. */
    boolean hasDirtyReads() {
        return true;
    }

    /** Whether a transaction that has read something may write only if nobody else has since it began. */
    boolean writesOnlyFromTheStart() {
        return false;
    }

    /** Whether the server that answers says that it follows another one, or that it is not to be written to. */
    boolean isReplica(BorrowedConnection loan) throws SQLException {
        return false;
    }

    /** Why no store can be kept in a database that is set as this one is, and the cure; empty if one can. */
    Optional<String> unusable(BorrowedConnection loan) throws SQLException {
        return Optional.empty();
    }

    /** Why a column of the tables cannot hold every text, and the cure; empty if each can. */
    Optional<String> lossyColumn(BorrowedConnection loan) throws SQLException {
        return Optional.empty();
    }

    /** Whether a text survives the way to the database and back, in the type of the columns. Nothing is written for that. */
    boolean keepsText(BorrowedConnection loan, String text) throws SQLException {
        return loan.ask("SELECT CAST(? AS VARCHAR(100))", text).equals(Optional.of(text));
    }

    /** Why a text does not survive, and the cure. */
    String lossyText(BorrowedConnection loan) throws SQLException {
        return "the database, or its driver, changes characters of the texts that it is given, so that names, actors and"
                + " reasons would be lost: set the database and the connection to UTF-8";
    }

    /** What those in this process must hold, one after the other, who set up tables; a new object where they need not. */
    Object installing() {
        return new Object();
    }

    /** What the operators should know about how the database is set, in sentences; none where all is well. */
    abstract List<String> warnings(BorrowedConnection loan) throws SQLException;
}
