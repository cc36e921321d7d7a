package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;

/**
 * <a href="https://www.sqlite.org/rescode.html">SQLite and its result codes</a>, which its driver reports as vendor codes, without
 * an SQLState.
 */
final class SqliteDialect extends Dialect {

    private static final int ERROR = 1;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int SCHEMA = 17;
    private static final int CONSTRAINT = 19;

    @Override
    String contains(String column) {
        return "INSTR(" + column + ", ?)";
    }

    @Override
    String folder() {
        return "META-INF/keywright/jdbc/sqlite";
    }

    @Override
    boolean isDuplicate(SQLException e) {
        return e.getErrorCode() == CONSTRAINT && hasMessage(e, "UNIQUE constraint failed");
    }

    @Override
    boolean isMissingTable(SQLException e) {
        return e.getErrorCode() == ERROR && hasMessage(e, "no such table");
    }

    @Override
    boolean alreadyExists(SQLException e) {
        return e.getErrorCode() == ERROR && hasMessage(e, "already exists");
    }

    /** Another connection writes, has written since this transaction began, or has changed the schema. This one has no effect. */
    @Override
    boolean isRolledBack(SQLException e) {
        return e.getErrorCode() == BUSY || e.getErrorCode() == LOCKED || e.getErrorCode() == SCHEMA;
    }

    @Override
    boolean mustLockBeforeReading() {
        return true;
    }

    @Override
    List<String> warnings(DatabaseInspector inspector) throws SQLException {
        return inspector
                .value("PRAGMA synchronous")
                .filter(level -> level.equals("0") || level.equals("1"))
                .map(level -> "SQLite acknowledges commits before they are on disk (synchronous = " + level
                        + "), so that a power cut may undo revocations of API keys: set it to FULL")
                .stream()
                .toList();
    }

    private static boolean hasMessage(SQLException e, String text) {
        return e.getMessage() != null && e.getMessage().contains(text);
    }
}
