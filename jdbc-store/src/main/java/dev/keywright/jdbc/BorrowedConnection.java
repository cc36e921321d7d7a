package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection that is borrowed from the data source for one call, in autocommit, and returned with its settings restored. A
 * connection that cannot be restored is aborted, so that no other caller gets it in the middle of a transaction. (H2 embedded
 * ignores an abort; there the pool rolls back.) Not thread-safe, except for {@link #abort}.
 */
final class BorrowedConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnection.class);

    private final Connection connection;
    private final Database database;
    private final TimeLimit timeLimit;
    private final Transaction transaction;
    private final StatementRunner runner;

    private BorrowedConnection(Connection connection, Database database, Deadline deadline) {
        this.connection = connection;
        this.database = database;
        timeLimit = new TimeLimit(connection, database.dialect(), deadline);
        transaction = new Transaction(connection, database.dialect(), timeLimit);
        runner = new StatementRunner(connection, database.texts(), timeLimit, transaction);
    }

    /** Action on the connection whose failure is only logged. */
    @FunctionalInterface
    private interface Action {
        void run() throws SQLException;
    }

    /**
     * Borrows a connection.
     *
     * @throws StoreUnavailableException if the data source has none, or returns one that is not in autocommit
     */
    static BorrowedConnection from(DataSource source, Database database, Deadline deadline) {
        BorrowedConnection borrowed = new BorrowedConnection(connection(source), database, deadline);
        boolean usable = false;
        try {
            usable = borrowed.isInAutocommit();
        } finally {
            if (!usable) {
                borrowed.close();
            }
        }
        if (!usable) {
            throw new StoreUnavailableException(
                    "the data source returned a connection inside a transaction: give Keywright a DataSource of its"
                            + " own, with autocommit on",
                    null);
        }
        return borrowed;
    }

    private boolean isInAutocommit() {
        try {
            timeLimit.limitNetwork();
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
        return new StoreUnavailableException("the API key store cannot be reached", e);
    }

    /** Returns whether the driver reports the connection as closed: then there is nothing to restore. */
    static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException | RuntimeException e) {
            return false;
        }
    }

    TimeLimit timeLimit() {
        return timeLimit;
    }

    Transaction transaction() {
        return transaction;
    }

    StatementRunner runner() {
        return runner;
    }

    DatabaseInspector inspector() {
        return new DatabaseInspector(connection, database.dialect(), database.texts(), runner);
    }

    /**
     * Aborts the connection while another thread uses it, and returns immediately. The abort itself may block for as long as the
     * server does not respond: MariaDB's driver notifies the server on another connection, and then waits for the thread that
     * reads from the socket.
     */
    void abort() {
        Thread thread = new Thread(() -> quietly(() -> connection.abort(Runnable::run)), "keywright-abort");
        thread.setDaemon(true);
        thread.start();
    }

    /** Restores the settings that the connection was borrowed with; it stays borrowed. */
    void restore() throws SQLException {
        transaction.restore();
        timeLimit.restore();
    }

    /** Returns the connection to the data source. Does not throw, since a failure here does not change the result of the call. */
    @Override
    public void close() {
        // Not restored inside a transaction: switching autocommit on would commit changes reported as undone.
        if (!isClosed(connection) && (transaction.isOpen() || !quietly(this::restore))) {
            quietly(() -> connection.abort(Runnable::run));
        }
        quietly(connection::close);
    }

    private static boolean quietly(Action action) {
        try {
            action.run();
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "Connection not returned as it was borrowed: {}",
                    e.getClass().getName());
            return false;
        }
    }
}
