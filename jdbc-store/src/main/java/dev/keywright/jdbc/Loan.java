package dev.keywright.jdbc;

import dev.keywright.StoreUnavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for one call. It is borrowed in autocommit, and goes back as it was found; or, where that cannot be done,
 * aborted, so that nobody else gets it half way through a transaction. (H2 embedded does nothing there: it is its pool that
 * rolls back.) Not safe for many threads.
 */
final class Loan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loan.class);

    /** How many values go into one statement: databases have limits, the smallest of which is 999. */
    private static final int CHUNK = 500;

    private final Connection connection;
    private final Deque<Step> restore = new ArrayDeque<>();
    private boolean inTransaction;

    private Loan(Connection connection) {
        this.connection = connection;
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
     * @throws StoreUnavailable if none is to be had, or if it comes in the middle of somebody's transaction
     */
    static Loan from(DataSource source) {
        Loan loan;
        boolean free;
        try {
            loan = new Loan(source.getConnection());
        } catch (SQLException | RuntimeException e) {
            throw new StoreUnavailable("the store of API keys cannot be reached", e);
        }
        try {
            free = loan.connection.getAutoCommit();
        } catch (SQLException | RuntimeException e) {
            loan.close();
            throw new StoreUnavailable("the store of API keys cannot be reached", e);
        }
        if (!free) {
            loan.close();
            throw new StoreUnavailable(
                    "the data source hands out connections inside a transaction: give Keywright a DataSource of its own,"
                            + " with autocommit on",
                    null);
        }
        return loan;
    }

    String product() throws SQLException {
        return connection.getMetaData().getDatabaseProductName();
    }

    String url() throws SQLException {
        return connection.getMetaData().getURL();
    }

    /** Whether the connection, or the database as a whole, is meant for reading only. In H2 this is a query of its own. */
    boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    /** Begins a transaction at READ COMMITTED that may write. */
    void begin() throws SQLException {
        if (isReadOnly()) {
            restore.push(() -> connection.setReadOnly(true));
            connection.setReadOnly(false);
        }
        int isolation = connection.getTransactionIsolation();
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            restore.push(() -> connection.setTransactionIsolation(isolation));
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        restore.push(() -> connection.setAutoCommit(true));
        inTransaction = true;
        connection.setAutoCommit(false);
    }

    void commit() throws SQLException {
        connection.commit();
        inTransaction = false;
    }

    /** Undoes what was not committed, if anything was begun. The failure that led here is the one to tell of. */
    void rollback() {
        if (!inTransaction) {
            return;
        }
        try {
            connection.rollback();
            inTransaction = false;
        } catch (SQLException | RuntimeException e) {
            LOG.warn("A transaction could not be rolled back; its connection is given up");
        }
    }

    /** Runs a statement that changes rows, and says how many. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Runs a statement for each set of values, in their order and in one go. How many rows that changes is not said. */
    void updateEach(String sql, List<@Nullable Object[]> sets) throws SQLException {
        if (sets.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] values : sets) {
                set(statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Runs a statement that changes rows by {@code IN (?)}, for as many values as there are. */
    void updateAll(String sql, List<byte[]> in) throws SQLException {
        for (int i = 0; i < in.size(); i += CHUNK) {
            Object[] chunk = chunk(in, i);
            update(widened(sql, chunk.length), chunk);
        }
    }

    /** Reads each row of the answers to a query by {@code IN (?)}, for as many values as there are, and then the others. */
    <T> List<T> queryAll(Reader<T> reader, String sql, List<byte[]> in, Object... others) throws SQLException {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < in.size(); i += CHUNK) {
            Object[] chunk = chunk(in, i);
            Object[] values =
                    Stream.concat(Arrays.stream(chunk), Arrays.stream(others)).toArray();
            all.addAll(query(reader, widened(sql, chunk.length), values));
        }
        return all;
    }

    /** Reads each row of an answer. */
    <T> List<T> query(Reader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        return ask(
                rows -> {
                    List<T> all = new ArrayList<>();
                    while (rows.next()) {
                        all.add(reader.read(rows));
                    }
                    return all;
                },
                sql,
                values);
    }

    /** Reads an answer as a whole, with the cursor before its first row. */
    <T> T ask(Reader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        }
    }

    /** Gives the connection back. What fails here changes nothing of what the call has done, so it is not thrown. */
    @Override
    public void close() {
        // Never with a transaction open: to switch autocommit on would commit what was just declared undone.
        if (inTransaction || !quietly(this::restore)) {
            quietly(() -> connection.abort(Runnable::run));
        }
        quietly(connection::close);
    }

    private void restore() throws SQLException {
        while (!restore.isEmpty()) {
            restore.pop().run();
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            set(statement, values);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static Object[] chunk(List<byte[]> in, int from) {
        return in.subList(from, Math.min(from + CHUNK, in.size())).toArray();
    }

    private static String widened(String sql, int values) {
        return sql.replace("IN (?)", "IN (?" + ", ?".repeat(values - 1) + ")");
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
