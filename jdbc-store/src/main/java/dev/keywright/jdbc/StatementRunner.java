package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs statements on a borrowed connection, each within the deadline of the call. */
final class StatementRunner {

    /** Maximum number of values in one {@code IN} list. Databases limit the parameters of a statement; the smallest limit is 999. */
    static final int MAX_IN_VALUES = 500;

    private final Connection connection;
    private final SqlTexts texts;
    private final TimeLimit timeLimit;
    private final Transaction transaction;

    StatementRunner(Connection connection, SqlTexts texts, TimeLimit timeLimit, Transaction transaction) {
        this.connection = connection;
        this.texts = texts;
        this.timeLimit = timeLimit;
        this.transaction = transaction;
    }

    /** Maps the row at the cursor. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs an update and returns the number of rows that it changed. */
    int update(Sql sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(texts.text(sql), values)) {
            return statement.executeUpdate();
        }
    }

    /** Runs an update for each set of values, in order, as one batch. */
    void updateEach(Sql sql, List<@Nullable Object[]> sets) throws SQLException {
        if (sets.size() == 1) {
            // Not a batch of one: PostgreSQL's driver quotes the values of a failed batch, and pools log its messages.
            update(sql, sets.get(0));
        }
        if (sets.size() < 2) {
            return;
        }
        try (PreparedStatement statement = prepare(texts.text(sql))) {
            for (@Nullable Object[] values : sets) {
                set(statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Runs an update with {@code IN (?)} for any number of values, which follow the other values. */
    void updateAll(Sql sql, List<byte[]> in, @Nullable Object... others) throws SQLException {
        for (int i = 0; i < in.size(); i += MAX_IN_VALUES) {
            Object[] chunk = chunk(in, i);
            @Nullable Object[] values =
                    Stream.concat(Arrays.stream(others), Arrays.stream(chunk)).toArray();
            try (PreparedStatement statement = prepare(widened(sql, chunk.length), values)) {
                statement.executeUpdate();
            }
        }
    }

    /** Runs a query with {@code IN (?)} for any number of values, and returns all rows. */
    <T> List<T> queryAll(RowReader<T> reader, Sql sql, List<byte[]> in) throws SQLException {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < in.size(); i += MAX_IN_VALUES) {
            Object[] chunk = chunk(in, i);
            all.addAll(query(reader, prepare(widened(sql, chunk.length), chunk)));
        }
        return all;
    }

    /** Runs a query and returns its rows. */
    <T> List<T> query(RowReader<T> reader, Sql sql, @Nullable Object... values) throws SQLException {
        return query(reader, prepare(texts.text(sql), values));
    }

    /** Runs a query that was built for one call, and returns its rows. */
    <T> List<T> queryBuilt(RowReader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        return query(reader, prepare(texts.prefixed(sql), values));
    }

    /** Runs a query whose text is not one of {@link Sql}. */
    <T> List<T> queryText(RowReader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        return query(reader, prepare(sql, values));
    }

    /** Runs a statement of the schema file. */
    void execute(String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            timeLimit.limit(plain, transaction.isOpen());
            plain.execute(texts.prefixed(statement));
        }
    }

    /** Prepares a statement within the deadline; the caller closes it. */
    PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            timeLimit.limit(statement, transaction.isOpen());
            set(statement, values);
            return statement;
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, statement);
            throw e;
        }
    }

    /** Closes a statement that failed. A second failure must not hide the first, which decides whether the call is retried. */
    private static void closeAfter(Exception failure, Statement statement) {
        try {
            statement.close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static <T> List<T> query(RowReader<T> reader, PreparedStatement prepared) throws SQLException {
        try (prepared;
                ResultSet rows = prepared.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static Object[] chunk(List<byte[]> in, int from) {
        return in.subList(from, Math.min(from + MAX_IN_VALUES, in.size())).toArray();
    }

    private String widened(Sql sql, int values) {
        return texts.text(sql).replace("IN (?)", "IN (?" + ", ?".repeat(values - 1) + ")");
    }
}
