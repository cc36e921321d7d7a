package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Polls on a connection that it keeps: from the first poll on, until one fails, or it is closed. */
final class JdbcChangeFeed implements ChangeFeed {

    /** Longer than any lease should be; a poll that comes later is worth nothing, and the next should not stand behind it. */
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final Database database;
    private final Duration longestPoll;

    /** Guarded by this; never while it polls. */
    private @Nullable BorrowedConnection loan;

    private boolean polling;
    private boolean closed;

    JdbcChangeFeed(Database database) {
        this(database, LONGEST_POLL);
    }

    JdbcChangeFeed(Database database, Duration longestPoll) {
        this.database = database;
        this.longestPoll = longestPoll;
    }

    @Override
    public Changes poll(long applied, int limit) {
        BorrowedConnection connection = begin();
        boolean answered = false;
        try {
            connection.until(Deadline.in(longestPoll));
            List<EvictionStatements.Row> rows = database.read(
                    connection,
                    loan -> loan.query(
                            EvictionStatements.Row::read,
                            Sql.POLL,
                            applied,
                            applied,
                            applied,
                            applied,
                            limit,
                            applied,
                            limit));
            answered = true;
            if (rows.isEmpty()) {
                throw database.rowIsLost();
            }
            return EvictionStatements.changes(rows, limit);
        } catch (SQLException e) {
            throw SqlFailures.unavailable(e);
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailableException("the id of a stored API key, or a stored tenant, is damaged", null);
        } finally {
            end(connection, answered);
        }
    }

    private BorrowedConnection begin() {
        BorrowedConnection there = taken();
        if (there == null) {
            there = database.lend(Deadline.in(longestPoll));
        }
        synchronized (this) {
            if (closed) {
                there.close();
                throw new StoreUnavailableException("the heartbeat is closed", null);
            }
            loan = there;
            polling = true;
        }
        return there;
    }

    private synchronized @Nullable BorrowedConnection taken() {
        return loan;
    }

    private synchronized void end(BorrowedConnection connection, boolean answered) {
        polling = false;
        if (!answered || closed) {
            loan = null;
            connection.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        BorrowedConnection there = loan;
        if (there != null && polling) {
            there.abort();
        } else if (there != null) {
            loan = null;
            there.close();
        }
    }
}
