package dev.keywright.jdbc;

import dev.keywright.StoreUnavailable;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Heartbeat;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Polls on a connection that it keeps: from the first poll on, until one fails, or it is closed. */
final class JdbcHeartbeat implements Heartbeat {

    /** Longer than any lease should be; a poll that comes later is worth nothing, and the next should not stand behind it. */
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final Database database;
    private final Duration longestPoll;

    /** Guarded by this; never while it polls. */
    private @Nullable Loan loan;

    private boolean polling;
    private boolean closed;

    JdbcHeartbeat(Database database) {
        this(database, LONGEST_POLL);
    }

    JdbcHeartbeat(Database database, Duration longestPoll) {
        this.database = database;
        this.longestPoll = longestPoll;
    }

    @Override
    public Changes poll(long applied, int limit) {
        Loan connection = begin();
        boolean answered = false;
        try {
            connection.until(Deadline.in(longestPoll));
            List<Evictions.Row> rows = database.read(
                    connection,
                    loan -> loan.query(
                            Evictions.Row::read, Sql.POLL, applied, applied, applied, applied, limit, applied, limit));
            answered = true;
            if (rows.isEmpty()) {
                throw database.rowIsLost();
            }
            return Evictions.changes(rows, limit);
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailable("the id of a stored API key, or a stored tenant, is damaged", null);
        } finally {
            end(connection, answered);
        }
    }

    private Loan begin() {
        Loan there = taken();
        if (there == null) {
            there = database.lend(Deadline.in(longestPoll));
        }
        synchronized (this) {
            if (closed) {
                there.close();
                throw new StoreUnavailable("the heartbeat is closed", null);
            }
            loan = there;
            polling = true;
        }
        return there;
    }

    private synchronized @Nullable Loan taken() {
        return loan;
    }

    private synchronized void end(Loan connection, boolean answered) {
        polling = false;
        if (!answered || closed) {
            loan = null;
            connection.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Loan there = loan;
        if (there != null && polling) {
            there.abort();
        } else if (there != null) {
            loan = null;
            there.close();
        }
    }
}
