package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;

/**
 * <a href="https://www.sqlite.org/rescode.html">SQLite and its result codes</a>, which its driver gives as vendor codes, without
 * a SQLState.
 */
final class SqliteDialect extends Dialect {

    private static final int ERROR = 1;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int SCHEMA = 17;
    private static final int CONSTRAINT = 19;

    @Override
    String folder() {
        return "META-INF/keywright/jdbc/sqlite";
    }

    @Override
    boolean isDuplicate(SQLException e) {
        return e.getErrorCode() == CONSTRAINT && said(e, "UNIQUE constraint failed");
    }

    @Override
    boolean isMissingTable(SQLException e) {
        return e.getErrorCode() == ERROR && said(e, "no such table");
    }

    @Override
    boolean isThere(SQLException e) {
        return e.getErrorCode() == ERROR && (said(e, "duplicate column name") || said(e, "already exists"));
    }

    /** Somebody else writes, or has written since this transaction began, or alters tables: nothing of it is done. */
    @Override
    boolean isRolledBack(SQLException e) {
        return e.getErrorCode() == BUSY || e.getErrorCode() == LOCKED || e.getErrorCode() == SCHEMA;
    }

    @Override
    boolean writesOnlyFromTheStart() {
        return true;
    }

    @Override
    List<String> warnings(BorrowedConnection loan) throws SQLException {
        return loan
                .ask("PRAGMA synchronous")
                .filter(level -> level.equals("0") || level.equals("1"))
                .map(level -> "This SQLite database answers commits before they are on disk (synchronous = " + level
                        + "), so that a power cut may bring revoked API keys back to life: set it to FULL")
                .stream()
                .toList();
    }

    private static boolean said(SQLException e, String words) {
        return e.getMessage() != null && e.getMessage().contains(words);
    }
}
