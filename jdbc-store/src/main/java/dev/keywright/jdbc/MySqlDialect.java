package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MySQL, and MariaDB, which shares <a href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">its error
 * codes</a>. Either driver works with either database.
 */
final class MySqlDialect extends Dialect {

    private static final int DUPLICATE_ENTRY = 1062;
    private static final int NO_SUCH_TABLE = 1146;

    /** Bit of {@code wsrep_sync_wait} for SELECT. */
    private static final int WAIT_BEFORE_SELECT = 1;

    /** 1050: table; 1061: index; 1826 and 3822: constraint in MariaDB and in MySQL. */
    private static final Set<Integer> ALREADY_EXISTS = Set.of(1050, 1061, 1826, 3822);

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
    boolean alreadyExists(SQLException e) {
        return ALREADY_EXISTS.contains(e.getErrorCode());
    }

    /** Without SESSION, the statement applies to the next transaction alone, which begins with the next statement. */
    @Override
    Optional<String> transactionSettings(Duration timeout) {
        return Optional.of("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE");
    }

    @Override
    boolean isServer() {
        return true;
    }

    /**
     * False because of MariaDB (seen on 11.4): a snapshot collects the ids of the open transactions one by one, while some of them
     * commit. It can have a commit, and lack the one before it.
     */
    @Override
    boolean hasOrderedSnapshots() {
        return false;
    }

    @Override
    boolean isReplica(DatabaseInspector inspector) throws SQLException {
        return inspector
                .value("SELECT @@global.read_only")
                .filter(set -> !set.equals("0"))
                .isPresent();
    }

    /** Refuses Galera clusters with asynchronous reads: nodes apply the commits of others later, unless a SELECT waits. */
    @Override
    Optional<String> unusable(DatabaseInspector inspector) throws SQLException {
        boolean cluster =
                variable(inspector, "wsrep_on").filter("ON"::equalsIgnoreCase).isPresent();
        return variable(inspector, "wsrep_sync_wait")
                .filter(wait -> cluster && (Integer.parseInt(wait) & WAIT_BEFORE_SELECT) == 0)
                .map(wait ->
                        "the database is a Galera cluster (wsrep_on = ON) whose sessions do not wait for the commits"
                                + " of other nodes (wsrep_sync_wait = " + wait
                                + ", without bit 1), so that a revoked API key would stay"
                                + " valid on them for a while: set wsrep_sync_wait = 1 on every node, or add"
                                + " sessionVariables=wsrep_sync_wait=1 to the URL");
    }

    @Override
    Optional<String> lossyColumn(DatabaseInspector inspector) throws SQLException {
        return inspector
                .value("""
                    SELECT CONCAT(COLUMN_NAME, ' of the table ', TABLE_NAME, ' has the character set ', CHARACTER_SET_NAME)
                    FROM information_schema.COLUMNS
                    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?, ?) AND CHARACTER_SET_NAME <> 'utf8mb4'
                    ORDER BY TABLE_NAME, ORDINAL_POSITION
                    LIMIT 1\
                    """, inspector.tableName("keywright_key"), inspector.tableName("keywright_usage"))
                .map(column -> "the column " + column + ", which cannot store every character: ALTER TABLE … CONVERT TO"
                        + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }

    /** Compares bytes for each direction: a session that is wrong in both returns what it was sent, and stores other characters. */
    @Override
    boolean keepsText(DatabaseInspector inspector, String text) throws SQLException {
        String bytes = HexFormat.of().withUpperCase().formatHex(RowMapper.bytes(text));
        return inspector.value("SELECT HEX(CONVERT(? USING utf8mb4))", text).equals(Optional.of(bytes))
                && inspector
                        .value("SELECT CONVERT(UNHEX(?) USING utf8mb4)", bytes)
                        .equals(Optional.of(text));
    }

    @Override
    String lossyText(DatabaseInspector inspector) throws SQLException {
        return "the connections of the data source change characters of text (character_set_client = "
                + variable(inspector, "character_set_client").orElse("?") + ", character_set_results = "
                + variable(inspector, "character_set_results").orElse("?")
                + "), so that names, actors and reasons would be lost: remove characterEncoding from the URL, or set"
                + " it to UTF-8, and change no character set in sessionVariables, init statements or the server's"
                + " init_connect";
    }

    /** Returns the value of a variable for the session; empty if the server does not have it. */
    private static Optional<String> variable(DatabaseInspector inspector, String name) throws SQLException {
        return inspector.column(2, "SHOW SESSION VARIABLES LIKE '" + name + "'").stream()
                .findFirst();
    }

    @Override
    List<String> warnings(DatabaseInspector inspector) throws SQLException {
        return inspector
                .value("SELECT @@innodb_flush_log_at_trx_commit")
                .filter(flush -> !flush.equals("1"))
                .map(flush ->
                        "The database acknowledges commits before they are on disk (innodb_flush_log_at_trx_commit = "
                                + flush + "), so that a crash may undo revocations of API keys: set it to 1")
                .stream()
                .toList();
    }
}
