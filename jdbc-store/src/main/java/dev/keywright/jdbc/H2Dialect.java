package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** <a href="https://h2database.com/javadoc/org/h2/api/ErrorCode.html">H2 and its error codes.</a> */
final class H2Dialect extends Dialect {

    private static final Set<String> WITHOUT_LIMIT = Set.of("STRICT", "DERBY", "MSSQLSERVER", "ORACLE");

    @Override
    String folder() {
        return "META-INF/keywright/jdbc/h2";
    }

    @Override
    boolean isDuplicate(SQLException e) {
        return "23505".equals(e.getSQLState());
    }

    @Override
    boolean isMissingTable(SQLException e) {
        // Three kinds of the same: not found, with candidates of another case, and in a database that is empty.
        return List.of("42S02", "42S03", "42S04").contains(String.valueOf(e.getSQLState()));
    }

    @Override
    boolean isThere(SQLException e) {
        // A table, an index, a column, a constraint.
        return List.of("42S01", "42S11", "42S21", "90045").contains(String.valueOf(e.getSQLState()));
    }

    /** H2 loses what is written to a table while somebody alters it. Its nodes are mostly in one process, and take turns. */
    @Override
    Object installing() {
        return H2Dialect.class;
    }

    /**
     * Calls of H2's client wait for a silent server for ever: it has no network time-out. The process that opened a file with
     * {@code AUTO_SERVER=TRUE} first is no client; the others are.
     */
    @Override
    Optional<String> unusable(BorrowedConnection loan) throws SQLException {
        Optional<String> remote =
                loan.ask("SELECT SERVER FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()");
        return remote.isEmpty()
                ? withoutLimit(loan)
                : remote.map(
                        server ->
                                "the data source leads to an H2 server (a URL with jdbc:h2:tcp:, jdbc:h2:ssl: or AUTO_SERVER=TRUE),"
                                        + " whose client waits for a silent server for ever, so that no call could be bounded in time: use H2"
                                        + " inside one process (jdbc:h2:mem: or jdbc:h2:async:), and PostgreSQL, MariaDB or MySQL for several");
    }

    private static Optional<String> withoutLimit(BorrowedConnection loan) throws SQLException {
        return setting(loan, "MODE")
                .filter(mode -> WITHOUT_LIMIT.contains(mode.toUpperCase(Locale.ROOT)))
                .map(mode -> "the H2 database is in the mode " + mode
                        + ", which does not know LIMIT: open it without MODE in its"
                        + " URL, or with MODE=PostgreSQL, MySQL, MariaDB, HSQLDB, DB2 or LEGACY");
    }

    private static Optional<String> setting(BorrowedConnection loan, String name) throws SQLException {
        // In capitals, which are found whatever H2 does to the names of a statement.
        return loan.ask("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = ?", name);
    }

    @Override
    List<String> warnings(BorrowedConnection loan) throws SQLException {
        return Stream.of(lateWrites(loan), closedByInterrupts(loan))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A database in memory says 0 here; one in a file 500, unless somebody has set it. */
    private static Optional<String> lateWrites(BorrowedConnection loan) throws SQLException {
        return setting(loan, "WRITE_DELAY")
                .filter(millis -> !millis.equals("0"))
                .map(millis ->
                        "This H2 database writes to its file up to " + millis + " ms late, so that a crash may bring"
                                + " revoked API keys back to life: add ;WRITE_DELAY=0 to its URL");
    }

    /** Java closes a file when a thread is interrupted that reads or writes it; only an asynchronous one stays open. */
    private static Optional<String> closedByInterrupts(BorrowedConnection loan) throws SQLException {
        String url = loan.url();
        boolean plainFile = url.startsWith("jdbc:h2:file:") || url.matches("jdbc:h2:([~./\\\\]|[A-Za-z]:[/\\\\]).*");
        return plainFile
                ? Optional.of(
                        "This H2 database is closed for all threads when one is interrupted in it: begin its URL with"
                                + " jdbc:h2:async:")
                : Optional.empty();
    }
}
