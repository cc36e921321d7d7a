package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs each call of the store on one borrowed connection. Lookups run in autocommit; a write to keys runs like this:
 *
 * <ol>
 *   <li>Take a place among the writers of this process ({@link WriteLimiter}), then borrow the connection.
 *   <li>Begin a transaction at READ COMMITTED.
 *   <li>Take the next revision. This locks a row: all other writers wait here until this transaction has ended.
 *   <li>Make the change in further statements, which therefore see all that earlier writers have committed.
 *   <li>Commit. A failure before the commit undoes everything; the outcome of a commit that fails is unknown.
 *   <li>If the database has rolled the transaction back to resolve a conflict, retry it from the start after a short pause, up to
 *       {@value #MAX_ATTEMPTS} times.
 * </ol>
 */
final class Database {

    /** Maximum number of attempts at a call that the database rolls back to resolve a conflict. */
    private static final int MAX_ATTEMPTS = 6;

    /** Longest pause before the second attempt; it doubles with each further attempt. */
    private static final long PAUSE_MICROS = 4_000;

    private final DataSource source;
    private final Dialect dialect;
    private final SqlTexts texts;
    private final Duration timeout;
    private final WriteLimiter limiter = new WriteLimiter();

    private Database(DataSource source, Dialect dialect, SqlTexts texts, Duration timeout) {
        this.source = source;
        this.dialect = dialect;
        this.texts = texts;
        this.timeout = timeout;
    }

    /** Statements of a call. */
    @FunctionalInterface
    interface Work<T> {
        T on(StatementRunner runner) throws SQLException;
    }

    /** Statements of a write, after the one that takes its revision. */
    @FunctionalInterface
    interface Change<T> {
        T make(StatementRunner runner, Coherence coherence) throws SQLException;
    }

    /** Work that needs the connection itself. */
    @FunctionalInterface
    interface ConnectionWork<T> {
        T on(BorrowedConnection connection) throws SQLException;
    }

    /**
     * Row of the coherence table.
     *
     * @param revision the revision that was taken; of several, the last
     * @param lease how long a node with a cache may answer without polling again
     * @param hasMarks whether there are marks of {@link TenantRevocations}
     */
    record Coherence(long revision, Duration lease, boolean hasMarks) {}

    /**
     * Chooses the dialect by the product name of the database, unless the options name one.
     *
     * @throws IllegalArgumentException if the database is not supported
     * @throws IllegalStateException if the data source shares its connections between callers
     * @throws StoreUnavailableException if the database does not respond
     */
    static Database at(DataSource source, JdbcOptions options) {
        String product = OpeningChecks.product(source);
        JdbcDialect name = options.dialect();
        Dialect dialect = Dialect.of(name == null ? JdbcDialect.of(product) : name);
        return new Database(source, dialect, new SqlTexts(options.tablePrefix()), options.timeout());
    }

    Dialect dialect() {
        return dialect;
    }

    SqlTexts texts() {
        return texts;
    }

    <T> T read(Work<T> lookup) {
        return onConnection(connection -> lookup.on(connection.runner()));
    }

    /** Runs work that needs the connection itself, in autocommit. */
    <T> T onConnection(ConnectionWork<T> work) {
        return attempts(deadline -> borrowed(deadline, work));
    }

    /** Writes to a key, whose id an {@link OutcomeUnknownException} reports. */
    <T> T write(KeyId id, Change<T> change) {
        return limited(WriteLimiter.Kind.OTHER, id, 1, change);
    }

    /** Writes to several keys, and takes one revision for all of them or one for each. */
    <T> T writeMany(int revisions, Change<T> change) {
        return limited(WriteLimiter.Kind.OTHER, null, revisions, change);
    }

    /** Revokes or suspends a key, ahead of other writes that wait in this process. */
    <T> T revoke(KeyId id, Change<T> change) {
        return limited(WriteLimiter.Kind.REVOCATION, id, 1, change);
    }

    /** Revokes several keys, ahead of other writes that wait in this process. */
    <T> T revokeMany(Change<T> change) {
        return limited(WriteLimiter.Kind.REVOCATION, null, 1, change);
    }

    /**
     * Writes in a transaction that takes no revision, beside the queue of writers: no cache evicts anything, and no revocation waits
     * for it. Therefore the work MUST NOT change whether a key is accepted, and MUST NOT change or lock the row of a key. The exception
     * is a sweep, which updates the rows of revoked keys: see {@link TenantRevocations}.
     *
     * <p>These writes are not ordered, so two of them can conflict. One that the database rolls back for that reason is retried.
     */
    <T> T writeWithoutRevision(Work<T> work) {
        return attempts(deadline -> borrowed(
                deadline,
                connection -> inTransaction(connection, null, runner -> {
                    if (dialect.mustLockBeforeReading()) {
                        takeRevisions(runner, 0);
                    }
                    return work.on(runner);
                })));
    }

    /** Borrows a connection without dirty reads for {@link #readOn}; the caller closes it. */
    BorrowedConnection borrow(Deadline deadline) {
        BorrowedConnection borrowed = BorrowedConnection.from(source, this, deadline);
        boolean usable = false;
        try {
            if (borrowed.transaction().hasDirtyReads()) {
                borrowed.transaction().readCommitted();
            }
            usable = true;
            return borrowed;
        } catch (SQLException e) {
            throw SqlFailures.unavailable(e);
        } finally {
            if (!usable) {
                borrowed.close();
            }
        }
    }

    /**
     * Reads on a connection that is kept. If the server bounds the statements of a transaction, the read runs in one: otherwise the
     * driver would cancel the statement over another connection, and wait for that as long as the server does not respond. Without
     * any bound, a lookup that waits for a lock would still wait in the server after its connection was aborted.
     */
    <T> T readOn(BorrowedConnection kept, Work<T> lookup) throws SQLException {
        if (!dialect.boundsTransactions()) {
            return lookup.on(kept.runner());
        }
        Transaction transaction = kept.transaction();
        try {
            transaction.begin();
            T result = lookup.on(kept.runner());
            transaction.prepareCommit();
            transaction.commit();
            kept.restore();
            return result;
        } finally {
            transaction.rollback();
        }
    }

    StoreUnavailableException missingRow() {
        return new StoreUnavailableException(
                "the table " + texts.prefixed("keywright_coherence") + " has lost its only row", null);
    }

    /** One attempt at a call. */
    @FunctionalInterface
    private interface Attempt<T> {
        T make(Deadline deadline) throws SQLException;
    }

    private <T> T attempts(Attempt<T> call) {
        Deadline deadline = Deadline.after(timeout);
        for (int attempt = 1; ; attempt++) {
            try {
                return call.make(deadline);
            } catch (SQLException e) {
                if (attempt == MAX_ATTEMPTS || !dialect.isRolledBack(e) || deadline.hasPassed()) {
                    throw SqlFailures.unavailable(e);
                }
            }
            pause(attempt);
        }
    }

    /** Takes a place among the writers before borrowing a connection, so that waiting writers hold none. */
    private <T> T limited(WriteLimiter.Kind kind, @Nullable KeyId id, int revisions, Change<T> change) {
        return attempts(deadline -> {
            limiter.acquire(kind, deadline);
            try {
                return borrowed(
                        deadline,
                        connection -> inTransaction(
                                connection, id, runner -> change.make(runner, takeRevisions(runner, revisions))));
            } finally {
                limiter.release();
            }
        });
    }

    private <T> T borrowed(Deadline deadline, ConnectionWork<T> work) throws SQLException {
        try (BorrowedConnection connection = BorrowedConnection.from(source, this, deadline)) {
            return work.on(connection);
        }
    }

    /** Pauses before the next attempt, for a random time, so that two callers do not conflict again. */
    static void pause(int attempt) {
        long max = PAUSE_MICROS << (attempt - 1);
        try {
            TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextLong(max));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the call was interrupted before it could be retried", null);
        }
    }

    private <T> T inTransaction(BorrowedConnection connection, @Nullable KeyId id, Work<T> work) throws SQLException {
        Transaction transaction = connection.transaction();
        boolean committed = false;
        try {
            transaction.begin();
            T result = work.on(connection.runner());
            transaction.prepareCommit();
            commit(transaction, id);
            committed = true;
            return result;
        } finally {
            if (!committed) {
                transaction.rollback();
            }
        }
    }

    private void commit(Transaction transaction, @Nullable KeyId id) throws SQLException {
        try {
            transaction.commit();
        } catch (SQLException e) {
            if (dialect.isRolledBack(e)) {
                throw e;
            }
            throw SqlFailures.unknown(id, e);
        } catch (RuntimeException e) {
            throw SqlFailures.unknown(id, e);
        }
    }

    private Coherence takeRevisions(StatementRunner runner, int count) throws SQLException {
        runner.update(Sql.TAKE_REVISIONS, count);
        return readCoherence(runner);
    }

    /** Reads the row of the coherence table. Each write with a lower revision is committed, and seen by later statements. */
    Coherence readCoherence(StatementRunner runner) throws SQLException {
        List<Coherence> rows = runner.query(
                row -> new Coherence(row.getLong(1), Duration.ofMillis(row.getLong(2)), row.getLong(3) != 0),
                Sql.READ_COHERENCE);
        if (rows.isEmpty()) {
            throw missingRow();
        }
        return rows.get(0);
    }
}
