package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * <a href="https://h2database.com/javadoc/org/h2/api/ErrorCode.html">H2 and its error codes.</a> No later version of the schema may
 * add a column while other nodes run: H2 (seen in 2.5.252) loses rows that are committed meanwhile.
 */
final class H2Dialect extends Dialect {

    private static final Set<String> MODES_WITHOUT_LIMIT = Set.of("STRICT", "DERBY", "MSSQLSERVER", "ORACLE");

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
        // Three variants: not found, with candidates of another case, and in an empty database.
        return List.of("42S02", "42S03", "42S04").contains(String.valueOf(e.getSQLState()));
    }

    @Override
    boolean alreadyExists(SQLException e) {
        // 42S01: table; 42S11: index; 90045: constraint.
        return List.of("42S01", "42S11", "90045").contains(String.valueOf(e.getSQLState()));
    }

    /**
     * Refuses H2's client, which has no network time-out, and waits for a silent server forever. The process that opened a file with
     * {@code AUTO_SERVER=TRUE} first is not a client; later ones are.
     */
    @Override
    Optional<String> unusable(DatabaseInspector inspector) throws SQLException {
        Optional<String> server =
                inspector.value("SELECT SERVER FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()");
        return server.isEmpty()
                ? withoutLimit(inspector)
                : server.map(name -> "the data source leads to an H2 server (a URL with jdbc:h2:tcp:, jdbc:h2:ssl: or"
                        + " AUTO_SERVER=TRUE), whose client waits for a silent server forever, so that no"
                        + " call could be bounded in time: use H2 inside one process (jdbc:h2:mem: or"
                        + " jdbc:h2:async:), and PostgreSQL, MariaDB or MySQL for several");
    }

    private static Optional<String> withoutLimit(DatabaseInspector inspector) throws SQLException {
        return setting(inspector, "MODE")
                .filter(mode -> MODES_WITHOUT_LIMIT.contains(mode.toUpperCase(Locale.ROOT)))
                .map(mode -> "the H2 database is in the mode " + mode
                        + ", which does not support LIMIT: open it without MODE in its"
                        + " URL, or with MODE=PostgreSQL, MySQL, MariaDB, HSQLDB, DB2 or LEGACY");
    }

    private static Optional<String> setting(DatabaseInspector inspector, String name) throws SQLException {
        // H2 finds upper-case names under any setting of DATABASE_TO_UPPER.
        return inspector.value("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = ?", name);
    }

    @Override
    List<String> warnings(DatabaseInspector inspector) throws SQLException {
        return Stream.of(delayedWrites(inspector), closedByInterrupts(inspector))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns a warning if WRITE_DELAY is not 0. The default is 0 for a database in memory, and 500 for one in a file. */
    private static Optional<String> delayedWrites(DatabaseInspector inspector) throws SQLException {
        return setting(inspector, "WRITE_DELAY")
                .filter(millis -> !millis.equals("0"))
                .map(millis -> "H2 writes to the file up to " + millis
                        + " ms after a commit, so that a crash may undo revocations of API keys: add ;WRITE_DELAY=0"
                        + " to its URL");
    }

    /** Returns a warning for a synchronous file: Java closes it if a thread is interrupted while it reads or writes it. */
    private static Optional<String> closedByInterrupts(DatabaseInspector inspector) throws SQLException {
        String url = inspector.url();
        boolean synchronousFile =
                url.startsWith("jdbc:h2:file:") || url.matches("jdbc:h2:([~./\\\\]|[A-Za-z]:[/\\\\]).*");
        return synchronousFile
                ? Optional.of("H2 closes the database for all threads when one of them is interrupted: start its URL"
                        + " with jdbc:h2:async:")
                : Optional.empty();
    }
}
