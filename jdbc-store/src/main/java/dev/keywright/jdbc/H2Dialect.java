package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** <a href="https://h2database.com/javadoc/org/h2/api/ErrorCode.html">H2 and its error codes.</a> */
final class H2Dialect extends Dialect {

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

    @Override
    List<String> warnings(Loan loan) throws SQLException {
        return Stream.of(lateWrites(loan), closedByInterrupts(loan))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A database in memory says 0 here; one in a file 500, unless somebody has set it. */
    private static Optional<String> lateWrites(Loan loan) throws SQLException {
        String delay = "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'";
        return loan.ask(delay)
                .filter(millis -> !millis.equals("0"))
                .map(millis ->
                        "This H2 database writes to its file up to " + millis + " ms late, so that a crash may bring"
                                + " revoked API keys back to life: add ;WRITE_DELAY=0 to its URL");
    }

    /** Java closes a file when a thread is interrupted that reads or writes it; only an asynchronous one stays open. */
    private static Optional<String> closedByInterrupts(Loan loan) throws SQLException {
        String url = loan.url();
        boolean plainFile = url.startsWith("jdbc:h2:file:") || url.matches("jdbc:h2:([~./\\\\]|[A-Za-z]:[/\\\\]).*");
        return plainFile
                ? Optional.of(
                        "This H2 database is closed for all threads when one is interrupted in it: begin its URL with"
                                + " jdbc:h2:async:")
                : Optional.empty();
    }
}
