package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
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

    /** The bit of {@code wsrep_sync_wait} for SELECT. */
    private static final int WAIT_BEFORE_SELECT = 1;

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
    boolean isReplica(BorrowedConnection loan) throws SQLException {
        return loan.ask("SELECT @@global.read_only")
                .filter(set -> !set.equals("0"))
                .isPresent();
    }

    /**
     * On a cluster of Galera's, a node applies what others committed a little later, unless the session waits for it before each
     * SELECT.
     */
    @Override
    Optional<String> unusable(BorrowedConnection loan) throws SQLException {
        boolean cluster =
                variable(loan, "wsrep_on").filter("ON"::equalsIgnoreCase).isPresent();
        return variable(loan, "wsrep_sync_wait")
                .filter(wait -> cluster && (Integer.parseInt(wait) & WAIT_BEFORE_SELECT) == 0)
                .map(wait ->
                        "the database is a Galera cluster (wsrep_on = ON), and its sessions do not wait for what was committed"
                                + " on other nodes (wsrep_sync_wait = " + wait
                                + ", without bit 1), so that a revoked API key would go on"
                                + " working on them for a while: set wsrep_sync_wait = 1 on every node, or put"
                                + " sessionVariables=wsrep_sync_wait=1 into the URL");
    }

    @Override
    Optional<String> lossyColumn(BorrowedConnection loan) throws SQLException {
        return loan.ask("""
                        SELECT CONCAT(COLUMN_NAME, ' of the table ', TABLE_NAME, ' has the character set ', CHARACTER_SET_NAME)
                        FROM information_schema.COLUMNS
                        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?, ?) AND CHARACTER_SET_NAME <> 'utf8mb4'
                        ORDER BY TABLE_NAME, ORDINAL_POSITION
                        LIMIT 1""", loan.name("keywright_key"), loan.name("keywright_usage"))
                .map(column ->
                        "the column " + column + ", in which not every text can be stored: ALTER TABLE … CONVERT TO"
                                + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }

    /** Compares bytes, on each way alone: a session that is wrong on both ways gives back what it was sent, and stores rubbish. */
    @Override
    boolean keepsText(BorrowedConnection loan, String text) throws SQLException {
        String bytes = HexFormat.of().withUpperCase().formatHex(RowMapper.bytes(text));
        return loan.ask("SELECT HEX(CONVERT(? USING utf8mb4))", text).equals(Optional.of(bytes))
                && loan.ask("SELECT CONVERT(UNHEX(?) USING utf8mb4)", bytes).equals(Optional.of(text));
    }

    @Override
    String lossyText(BorrowedConnection loan) throws SQLException {
        return "the connections of the data source change characters on the way (character_set_client = "
                + variable(loan, "character_set_client").orElse("?") + ", character_set_results = "
                + variable(loan, "character_set_results").orElse("?")
                + "), so that names, actors and reasons would be lost: remove characterEncoding from the URL, or set it to UTF-8,"
                + " and change no character set in sessionVariables, init statements or the server's init_connect";
    }

    /** A variable as it is in effect for the session; empty where the server does not have it. */
    private static Optional<String> variable(BorrowedConnection loan, String name) throws SQLException {
        return loan.answers(2, "SHOW SESSION VARIABLES LIKE '" + name + "'").stream()
                .findFirst();
    }

    @Override
    List<String> warnings(BorrowedConnection loan) throws SQLException {
        return loan
                .ask("SELECT @@innodb_flush_log_at_trx_commit")
                .filter(flush -> !flush.equals("1"))
                .map(flush -> "This database answers commits before they are on disk (innodb_flush_log_at_trx_commit = "
                        + flush + "), so that a crash may bring revoked API keys back to life: set it to 1")
                .stream()
                .toList();
    }
}
