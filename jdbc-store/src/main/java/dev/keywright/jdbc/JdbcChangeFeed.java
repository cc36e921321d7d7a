package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Change feed with a connection of its own, kept from the first poll until a poll fails or the feed is closed. */
final class JdbcChangeFeed implements ChangeFeed {

    /** Longer than any lease should be: the result of a slower poll is useless, and the poll would delay the next. */
    private static final Duration MAX_POLL = Duration.ofSeconds(1);

    private final Database database;
    private final Duration maxPoll;

    /** Guarded by this, like polling and closed. The lock is not held during a poll, so that {@link #close} can abort it. */
    private @Nullable BorrowedConnection connection;

    private boolean polling;
    private boolean closed;

    JdbcChangeFeed(Database database) {
        this(database, MAX_POLL);
    }

    JdbcChangeFeed(Database database, Duration maxPoll) {
        this.database = database;
        this.maxPoll = maxPoll;
    }

    @Override
    public Changes poll(long applied, int limit) {
        BorrowedConnection kept = beginPoll();
        boolean succeeded = false;
        try {
            kept.timeLimit().extendTo(Deadline.after(maxPoll));
            Changes changes = database.readOn(kept, runner -> read(runner, applied, limit));
            succeeded = true;
            return changes;
        } catch (SQLException e) {
            throw SqlFailures.unavailable(e);
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailableException(
                    "the id or the tenant of a stored API key is damaged: repair or delete its row, since no cache can"
                            + " follow the store until then",
                    null);
        } finally {
            endPoll(kept, succeeded);
        }
    }

    private Changes read(StatementRunner runner, long applied, int limit) throws SQLException {
        long head = database.dialect().hasOrderedSnapshots()
                ? Long.MAX_VALUE
                : database.readCoherence(runner).revision();
        List<EvictionStatements.Row> rows = runner.query(
                EvictionStatements.Row::read,
                Sql.FIND_CHANGES,
                applied,
                applied,
                applied,
                applied,
                limit,
                applied,
                limit);
        if (rows.isEmpty()) {
            throw database.missingRow();
        }
        return EvictionStatements.changes(rows, head, limit);
    }

    private BorrowedConnection beginPoll() {
        BorrowedConnection kept = current();
        if (kept == null) {
            kept = database.borrow(Deadline.after(maxPoll));
        }
        synchronized (this) {
            if (closed) {
                kept.close();
                throw new StoreUnavailableException("the change feed is closed", null);
            }
            connection = kept;
            polling = true;
        }
        return kept;
    }

    private synchronized @Nullable BorrowedConnection current() {
        return connection;
    }

    private synchronized void endPoll(BorrowedConnection kept, boolean succeeded) {
        polling = false;
        if (!succeeded || closed) {
            connection = null;
            kept.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        BorrowedConnection kept = connection;
        if (kept != null && polling) {
            kept.abort();
        } else if (kept != null) {
            connection = null;
            kept.close();
        }
    }
}
