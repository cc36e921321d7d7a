package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MariaDB, and MySQL, <a href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">whose error codes it
 * shares</a>. Either driver works with either.
 */
final class MySqlDialect extends Dialect {

    private static final int DUPLICATE_ENTRY = 1062;
    private static final int NO_SUCH_TABLE = 1146;

    /** A table, a column, an index, and a constraint as MariaDB and as MySQL say it. */
    private static final Set<Integer> IS_THERE = Set.of(1050, 1060, 1061, 1826, 3822);

    @Override
    String folder() {
        return "META-INF/keywright/jdbc/mysql";
    }

    @Override
    boolean isDuplicate(SQLException e) {
        return e.getErrorCode() == DUPLICATE_ENTRY;
    }

    @Override
    boolean isMissingTable(SQLException e) {
        return e.getErrorCode() == NO_SUCH_TABLE;
    }

    @Override
    boolean isThere(SQLException e) {
        return IS_THERE.contains(e.getErrorCode());
    }

    /** Without the word SESSION, this is said of the next transaction alone, which begins with the next statement. */
    @Override
    Optional<String> transaction(Duration timeout) {
        return Optional.of("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE");
    }

    @Override
    boolean isServer() {
        return true;
    }

    @Override
    boolean isReplica(Loan loan) throws SQLException {
        return loan.ask("SELECT @@global.read_only")
                .filter(set -> !set.equals("0"))
                .isPresent();
    }

    @Override
    List<String> warnings(Loan loan) throws SQLException {
        return loan
                .ask("SELECT @@innodb_flush_log_at_trx_commit")
                .filter(flush -> !flush.equals("1"))
                .map(flush -> "This database answers commits before they are on disk (innodb_flush_log_at_trx_commit = "
                        + flush + "), so that a crash may bring revoked API keys back to life: set it to 1")
                .stream()
                .toList();
    }
}
