package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds each wait for a database server by the deadline of a call: a query time-out bounds the statement, and a network time-out,
 * which is one second longer, bounds the wait for its result. Databases inside this process have time-outs of their own.
 */
final class TimeLimit {

    /** Additional time that the wait for a result may take. */
    private static final int GRACE_MILLIS = 1000;

    private final Connection connection;
    private final Dialect dialect;
    private Deadline deadline;
    private @Nullable Integer originalNetworkTimeout;

    TimeLimit(Connection connection, Dialect dialect, Deadline deadline) {
        this.connection = connection;
        this.dialect = dialect;
        this.deadline = deadline;
    }

    /** Sets the deadline of the next call on a connection that is kept. */
    void extendTo(Deadline later) {
        deadline = later;
    }

    /**
     * Returns the time until the deadline.
     *
     * @throws java.sql.SQLTimeoutException if the deadline has passed
     */
    Duration remaining() throws SQLException {
        return deadline.remaining();
    }

    /**
     * Bounds each further wait for the server by the time until the deadline, plus the grace period. This is the first setting of a
     * connection that is changed and the last that is restored, because some JDBC calls query the server: {@code setAutoCommit} and
     * {@code isReadOnly} do on MySQL.
     */
    void limitNetwork() throws SQLException {
        if (!dialect.isServer()) {
            return;
        }
        if (originalNetworkTimeout == null) {
            originalNetworkTimeout = connection.getNetworkTimeout();
        }
        long remaining = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
        connection.setNetworkTimeout(Runnable::run, (int) remaining + GRACE_MILLIS);
    }

    /**
     * Bounds a statement, and the wait for its result.
     *
     * @param inTransaction whether the statement runs in a transaction, whose statements some servers bound themselves. The
     *     driver must not bound them there: it would ask the server to cancel the statement, and wait for that
     * @throws java.sql.SQLTimeoutException if the deadline has passed
     */
    void limit(Statement statement, boolean inTransaction) throws SQLException {
        if (!dialect.isServer()) {
            return;
        }
        Duration remaining = deadline.remaining();
        limitNetwork();
        if (!inTransaction || !dialect.boundsTransactions()) {
            statement.setQueryTimeout((int) remaining.plusMillis(999).toSeconds());
        }
    }

    /** Restores the network time-out that the connection was borrowed with. */
    void restore() throws SQLException {
        if (originalNetworkTimeout != null) {
            connection.setNetworkTimeout(Runnable::run, originalNetworkTimeout);
            originalNetworkTimeout = null;
        }
    }
}
