package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions of a borrowed connection, at READ COMMITTED. Each setting of the connection that is changed for them is restored
 * before the connection is returned.
 */
final class Transaction {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final Connection connection;
    private final Dialect dialect;
    private final TimeLimit timeLimit;
    private final Deque<Restoration> restorations = new ArrayDeque<>();
    private boolean open;

    Transaction(Connection connection, Dialect dialect, TimeLimit timeLimit) {
        this.connection = connection;
        this.dialect = dialect;
        this.timeLimit = timeLimit;
    }

    /** Restores one setting of the connection. */
    @FunctionalInterface
    private interface Restoration {
        void run() throws SQLException;
    }

    boolean isOpen() {
        return open;
    }

    /** Begins a transaction that may write. */
    void begin() throws SQLException {
        timeLimit.limitNetwork();
        if (connection.isReadOnly()) {
            restorations.push(() -> connection.setReadOnly(true));
            connection.setReadOnly(false);
        }
        Optional<String> settings = dialect.transactionSettings(timeLimit.remaining());
        if (settings.isEmpty()) {
            readCommitted();
        }
        restorations.push(() -> connection.setAutoCommit(true));
        open = true;
        connection.setAutoCommit(false);
        if (settings.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                timeLimit.limit(statement, true);
                statement.execute(settings.get());
            }
        }
    }

    /** Returns whether a lookup on the connection would read uncommitted changes. This is a query on MySQL. */
    boolean hasDirtyReads() throws SQLException {
        return dialect.hasDirtyReads()
                && connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED;
    }

    /** Sets the isolation level to READ COMMITTED until the connection is restored. */
    void readCommitted() throws SQLException {
        int isolation = connection.getTransactionIsolation();
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            restorations.push(() -> connection.setTransactionIsolation(isolation));
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /**
     * Bounds the wait for the commit. Separate from {@link #commit}, since the outcome is still known if this fails.
     *
     * @throws java.sql.SQLTimeoutException if the deadline has passed
     */
    void prepareCommit() throws SQLException {
        timeLimit.remaining();
        timeLimit.limitNetwork();
    }

    void commit() throws SQLException {
        connection.commit();
        open = false;
    }

    /** Rolls the transaction back if one is open. Does not throw, since the failure that led here is the one to report. */
    void rollback() {
        if (!open || BorrowedConnection.isClosed(connection)) {
            return;
        }
        try {
            timeLimit.limitNetwork();
            connection.rollback();
            open = false;
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "Rollback failed; the connection is aborted: {}",
                    e.getClass().getName());
        }
    }

    /** Restores the settings of the connection in reverse order. */
    void restore() throws SQLException {
        if (!restorations.isEmpty()) {
            timeLimit.limitNetwork();
        }
        while (!restorations.isEmpty()) {
            restorations.pop().run();
        }
    }
}
