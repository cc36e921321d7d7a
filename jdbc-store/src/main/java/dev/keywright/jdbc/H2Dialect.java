package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** <a href="https://h2database.com/javadoc/org/h2/api/ErrorCode.html">H2 and its error codes.</a> */
final class H2Dialect extends Dialect {

    @Override
    String schemaFile() {
        return "META-INF/keywright/jdbc/h2/V1__keywright.sql";
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

    /** A database in memory says 0 here; one in a file 500, unless somebody has set it. */
    @Override
    Optional<String> warning(Loan loan) throws SQLException {
        String delay = "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'";
        return loan.query(row -> row.getInt(1), delay).stream()
                .filter(millis -> millis > 0)
                .map(millis ->
                        "This H2 database writes to its file up to " + millis + " ms late, so that a crash may bring"
                                + " revoked API keys back to life: add ;WRITE_DELAY=0 to its URL")
                .findFirst();
    }
}
