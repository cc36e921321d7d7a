package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for one call. It is borrowed in autocommit, each wait for the server on it is bounded, and it goes back as it was
 * found; or, where that cannot be done,
 * aborted, so that nobody else gets it half way through a transaction. (H2 embedded does nothing there: it is its pool that
 * rolls back.) Not safe for many threads, but to be aborted.
 */
final class BorrowedConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnection.class);

    /** How many values go into one statement: databases have limits, the smallest of which is 999. */
    private static final int CHUNK = 500;

    /** How much longer than the database may take for a statement its answer may take to come. */
    private static final int GRACE_MILLIS = 1000;

    private final Connection connection;
    private final Database database;
    private Deadline deadline;
    private final Deque<Step> restore = new ArrayDeque<>();
    private boolean inTransaction;
    private boolean bounded;

    private BorrowedConnection(Connection connection, Database database, Deadline deadline) {
        this.connection = connection;
        this.database = database;
        this.deadline = deadline;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    /** Makes something of the row at the cursor. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Borrows a connection.
     *
     * @throws StoreUnavailableException if none is to be had, or if it comes in the middle of somebody's transaction
     */
    static BorrowedConnection from(DataSource source, Database database, Deadline deadline) {
        BorrowedConnection loan = new BorrowedConnection(connection(source), database, deadline);
        boolean lent = false;
        try {
            lent = loan.isInAutocommit();
        } finally {
            if (!lent) {
                loan.close();
            }
        }
        if (!lent) {
            throw new StoreUnavailableException(
                    "the data source hands out connections inside a transaction: give Keywright a DataSource of its own,"
                            + " with autocommit on",
                    null);
        }
        return loan;
    }

    private boolean isInAutocommit() {
        try {
            bound();
            return connection.getAutoCommit();
        } catch (SQLException | RuntimeException e) {
            throw unreachable(e);
        }
    }

    static Connection connection(DataSource source) {
        try {
            return source.getConnection();
        } catch (SQLException | RuntimeException e) {
            throw unreachable(e);
        }
    }

    static StoreUnavailableException unreachable(Exception e) {
        return new StoreUnavailableException("the store of API keys cannot be reached", e);
    }

    String url() throws SQLException {
        return connection.getMetaData().getURL();
    }

    /** Whether the connection, or the database as a whole, is meant for reading only. In H2 this is a query of its own. */
    boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    /** Whether a look-up would see what others have written and not committed. In MySQL this is a query of its own. */
    boolean seesUncommitted() throws SQLException {
        if (!database.dialect().hasDirtyReads()) {
            return false;
        }
        return connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED;
    }

    /** Goes on being lent, until another time. */
    void until(Deadline later) {
        deadline = later;
    }

    /**
     * Ends the connection, whatever it is in the middle of in another thread. Whoever calls this does not wait for it: MariaDB's
     * driver tells the server, on another connection, and then waits for whoever reads from the socket; both for as long as
     * nothing answers.
     */
    void abort() {
        Thread thread = new Thread(() -> quietly(() -> connection.abort(Runnable::run)), "keywright-abort");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins a transaction at READ COMMITTED that may write. */
    void begin() throws SQLException {
        bound();
        if (isReadOnly()) {
            restore.push(() -> connection.setReadOnly(true));
            connection.setReadOnly(false);
        }
        Optional<String> transaction = database.dialect().transaction(deadline.left());
        if (transaction.isEmpty()) {
            isolate();
        }
        restore.push(() -> connection.setAutoCommit(true));
        inTransaction = true;
        connection.setAutoCommit(false);
        if (transaction.isPresent()) {
            try (Statement statement = bounded(connection.createStatement())) {
                statement.execute(transaction.get());
            }
        }
    }

    /** Sees from now on only what was committed; for as long as it is lent. */
    void isolate() throws SQLException {
        int isolation = connection.getTransactionIsolation();
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            restore.push(() -> connection.setTransactionIsolation(isolation));
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    void commit() throws SQLException {
        connection.commit();
        inTransaction = false;
    }

    /** Undoes what was not committed, if anything was begun. The failure that led here is the one to tell of. */
    void rollback() {
        if (!inTransaction || isLost()) {
            return;
        }
        try {
            bound();
            connection.rollback();
            inTransaction = false;
        } catch (SQLException | RuntimeException e) {
            LOG.warn("A transaction could not be rolled back; its connection is given up");
        }
    }

    /** Runs a statement that changes rows, and says how many. */
    int update(Sql sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(text(sql), values)) {
            return statement.executeUpdate();
        }
    }

    /** Runs a statement for each set of values, in their order and in one go. How many rows that changes is not said. */
    void updateEach(Sql sql, List<@Nullable Object[]> sets) throws SQLException {
        if (sets.size() == 1) {
            // Not as a batch of one: PostgreSQL's driver quotes the values of those that fail, and pools log what it
            // says.
            update(sql, sets.get(0));
        }
        if (sets.size() < 2) {
            return;
        }
        try (PreparedStatement statement = bounded(connection.prepareStatement(text(sql)))) {
            for (@Nullable Object[] values : sets) {
                set(statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Runs a statement that changes rows by {@code IN (?)}, for as many values as there are, which come after the others. */
    void updateAll(Sql sql, List<byte[]> in, @Nullable Object... others) throws SQLException {
        for (int i = 0; i < in.size(); i += CHUNK) {
            Object[] chunk = chunk(in, i);
            @Nullable Object[] values =
                    Stream.concat(Arrays.stream(others), Arrays.stream(chunk)).toArray();
            try (PreparedStatement statement = prepare(widened(sql, chunk.length), values)) {
                statement.executeUpdate();
            }
        }
    }

    /** Reads each row of the answers to a query by {@code IN (?)}, for as many values as there are, and then the others. */
    <T> List<T> queryAll(Reader<T> reader, Sql sql, List<byte[]> in, Object... others) throws SQLException {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < in.size(); i += CHUNK) {
            Object[] chunk = chunk(in, i);
            Object[] values =
                    Stream.concat(Arrays.stream(chunk), Arrays.stream(others)).toArray();
            all.addAll(query(reader, prepare(widened(sql, chunk.length), values)));
        }
        return all;
    }

    /** Reads each row of an answer. */
    <T> List<T> query(Reader<T> reader, Sql sql, @Nullable Object... values) throws SQLException {
        return query(reader, prepare(text(sql), values));
    }

    /** The first value of an answer to a question about the database itself; empty if it is null, or there is none. */
    Optional<String> ask(String question, @Nullable Object... values) throws SQLException {
        return answers(1, question, values).stream().findFirst();
    }

    /** The values of a column of an answer to a question about the database itself, without those that are null. */
    List<String> answers(int column, String question, @Nullable Object... values) throws SQLException {
        return query(row -> Optional.ofNullable(row.getString(column)), prepare(question, values)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whether a failure says that a table is not there. */
    boolean isMissingTable(SQLException e) {
        return database.dialect().isMissingTable(e);
    }

    /** The columns of a table, if it is there. */
    <T> T columns(String table, Reader<T> reader) throws SQLException {
        try (PreparedStatement statement = prepare("SELECT * FROM " + name(table) + " WHERE 1 = 0");
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        }
    }

    /** The columns of a table each of which is unique by itself. */
    Set<String> uniqueColumns(String table) throws SQLException {
        Set<String> here = uniqueColumns(table, connection.getSchema());
        // Where several schemas are searched, the tables need not be in the first of them.
        return here.isEmpty() ? uniqueColumns(table, null) : here;
    }

    private Set<String> uniqueColumns(String table, @Nullable String schema) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String name = metaData.storesUpperCaseIdentifiers() ? name(table).toUpperCase(Locale.ROOT) : name(table);
        Map<String, List<String>> indexes = new HashMap<>();
        try (ResultSet rows = metaData.getIndexInfo(connection.getCatalog(), schema, name, true, true)) {
            while (rows.next()) {
                if (rows.getString("INDEX_NAME") != null) {
                    indexes.computeIfAbsent(
                                    rows.getString("TABLE_SCHEM") + "." + rows.getString("INDEX_NAME"),
                                    index -> new ArrayList<>())
                            .add(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return indexes.values().stream()
                .filter(columns -> columns.size() == 1)
                .map(columns -> columns.get(0))
                .collect(Collectors.toSet());
    }

    /** Runs a statement that sets up the database. */
    void execute(String statement) throws SQLException {
        try (Statement plain = bounded(connection.createStatement())) {
            plain.execute(database.statements().prefixed(statement));
        }
    }

    /** A name that begins with {@code keywright_}, as it is in this database. */
    String name(String table) {
        return database.statements().prefixed(table);
    }

    /** Gives the connection back. What fails here changes nothing of what the call has done, so it is not thrown. */
    @Override
    public void close() {
        // Never with a transaction open: to switch autocommit on would commit what was just declared undone.
        if (!isLost() && (inTransaction || !quietly(this::restore))) {
            quietly(() -> connection.abort(Runnable::run));
        }
        quietly(connection::close);
    }

    /** Makes the connection what it was when it was found, and goes on being lent. */
    void restore() throws SQLException {
        if (restore.size() > 1) {
            // The server is asked once more. The time-out of the network is the first in and the last out.
            bound();
        }
        while (!restore.isEmpty()) {
            restore.pop().run();
        }
        bounded = false;
    }

    /** Whether the driver knows that the connection is gone: then there is nothing to put right, or to tell anybody of. */
    private boolean isLost() {
        try {
            return connection.isClosed();
        } catch (SQLException | RuntimeException e) {
            return false;
        }
    }

    private String text(Sql sql) {
        return database.statements().text(sql);
    }

    private static <T> List<T> query(Reader<T> reader, PreparedStatement prepared) throws SQLException {
        try (prepared;
                ResultSet rows = prepared.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = bounded(connection.prepareStatement(sql));
        try {
            set(statement, values);
            return statement;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, statement);
            throw e;
        }
    }

    /** Closes a statement that failed; a further failure must not hide the first, which decides whether to try again. */
    private static void closeAfter(Exception failure, Statement statement) {
        try {
            statement.close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Lets the server take as long as is left, and its answer a little longer. */
    private <S extends Statement> S bounded(S statement) throws SQLException {
        if (database.dialect().isServer()) {
            try {
                Duration left = deadline.left();
                bound();
                // Where the server sees to it, the driver must not: it would ask the server to stop, and wait for that.
                if (!inTransaction || !database.dialect().boundsTransactions()) {
                    statement.setQueryTimeout((int) left.plusMillis(999).toSeconds());
                }
            } catch (SQLException | RuntimeException e) {
                closeAfter(e, statement);
                throw e;
            }
        }
        return statement;
    }

    /**
     * Bounds each wait for an answer of the server from here on: by what is left of the call's time, and a little more. This is
     * the first thing that happens to a connection and the last that is undone, since drivers also ask the server where it is not
     * obvious ({@code setAutoCommit} and {@code isReadOnly} are queries on MySQL).
     */
    private void bound() throws SQLException {
        if (!database.dialect().isServer()) {
            return;
        }
        if (!bounded) {
            int before = connection.getNetworkTimeout();
            restore.push(() -> connection.setNetworkTimeout(Runnable::run, before));
            bounded = true;
        }
        long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft()));
        connection.setNetworkTimeout(Runnable::run, (int) left + GRACE_MILLIS);
    }

    /** Fails if the call's time is over; else bounds the wait for the next answer. Called before a commit is sent. */
    void expectTime() throws SQLException {
        deadline.left();
        bound();
    }

    private static void set(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static Object[] chunk(List<byte[]> in, int from) {
        return in.subList(from, Math.min(from + CHUNK, in.size())).toArray();
    }

    private String widened(Sql sql, int values) {
        return text(sql).replace("IN (?)", "IN (?" + ", ?".repeat(values - 1) + ")");
    }

    private static boolean quietly(Step step) {
        try {
            step.run();
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "A connection could not be given back as it was found: {}",
                    e.getClass().getName());
            return false;
        }
    }
}
