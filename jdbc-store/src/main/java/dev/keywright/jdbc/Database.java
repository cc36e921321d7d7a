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
 * How the store talks to its database: each call on one connection, look-ups in autocommit, and writes to keys like this.
 *
 * <ol>
 *   <li>Take a place among the writers of this process ({@link WriteGate}), and then borrow the connection.
 *   <li>Begin a transaction at READ COMMITTED.
 *   <li>Take the next revision. Whoever else writes waits here until this transaction has ended.
 *   <li>Make the change, in a statement of its own, which therefore sees all that earlier writers have committed.
 *   <li>Commit. Up to here, a failure undoes everything; in the commit, nobody knows.
 *   <li>If the database says that it has given the transaction up so that others can go on, do all of it again, a little
 *       later, and not for ever.
 * </ol>
 */
final class Database {

    /** How often a call is made that the database gives up so that another can go on. */
    private static final int ATTEMPTS = 6;

    /** The longest pause before the second attempt, which doubles with each further one. */
    private static final long PAUSE_MICROS = 4_000;

    private final DataSource source;
    private final Dialect dialect;
    private final Statements statements;
    private final Duration timeout;
    private final WriteGate gate = new WriteGate();

    private Database(DataSource source, Dialect dialect, Statements statements, Duration timeout) {
        this.source = source;
        this.dialect = dialect;
        this.statements = statements;
        this.timeout = timeout;
    }

    /** What is done on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(BorrowedConnection loan) throws SQLException;
    }

    /** What a write does, once it has its revision. */
    @FunctionalInterface
    interface Change<T> {
        T make(BorrowedConnection loan, Coherence coherence) throws SQLException;
    }

    /**
     * What the row beside the keys says.
     *
     * @param revision the revision that was taken; of several, the last
     * @param lease for how long a node that caches may answer without asking again
     */
    record Coherence(long revision, Duration lease) {}

    /**
     * Asks the database what it is, unless that was chosen.
     *
     * @throws IllegalArgumentException if it is none that is supported
     * @throws IllegalStateException if the data source hands out connections that it shares
     * @throws StoreUnavailableException if it does not answer
     */
    static Database at(DataSource source, JdbcOptions options) {
        String product = OpeningChecks.product(source);
        JdbcDialect name = options.dialect();
        Dialect dialect = Dialect.of(name == null ? JdbcDialect.of(product) : name);
        return new Database(source, dialect, new Statements(options.tablePrefix()), options.timeout());
    }

    Dialect dialect() {
        return dialect;
    }

    Statements statements() {
        return statements;
    }

    <T> T read(Work<T> lookUp) {
        return attempts(deadline -> borrowed(deadline, lookUp));
    }

    /** Writes to a key, of which {@link OutcomeUnknownException} tells if it comes to that. */
    <T> T write(KeyId id, Change<T> change) {
        return gated(WriteGate.Kind.OTHER, loan -> inOrder(loan, id, 1, change));
    }

    /** Writes to many keys, taking one revision for all or one for each. */
    <T> T writeMany(int revisions, Change<T> change) {
        return gated(WriteGate.Kind.OTHER, loan -> inOrder(loan, null, revisions, change));
    }

    /** Revokes a key, ahead of other writes that wait in this process. */
    <T> T revoke(KeyId id, Change<T> change) {
        return gated(WriteGate.Kind.REVOCATION, loan -> inOrder(loan, id, 1, change));
    }

    /** Revokes many keys, ahead of other writes that wait in this process. */
    <T> T revokeMany(int revisions, Change<T> change) {
        return gated(WriteGate.Kind.REVOCATION, loan -> inOrder(loan, null, revisions, change));
    }

    /**
     * Writes what is kept beside the keys, in a transaction of the same kind that takes no revision. Nothing that is written
     * here decides whether a key is accepted: so no cache has to hear of it, it needs no place among the writes that do, and
     * a revocation must not stand in line behind it. Therefore it MUST NOT touch, or lock, the row of a key; {@linkplain
     * TenantRevocations sweeps} do, and say how.
     *
     * <p>As nothing orders these, two of them can stand in each other's way: where the database gives one up for that, it is
     * done again.
     */
    <T> T writeBeside(Work<T> work) {
        return attempts(deadline -> borrowed(
                deadline,
                loan -> inTransaction(loan, null, same -> {
                    if (dialect.writesOnlyFromTheStart()) {
                        takeRevisions(same, 0);
                    }
                    return work.on(same);
                })));
    }

    /** Lends a connection to whoever keeps it, reads on it, and closes it in the end. It sees only what was committed. */
    BorrowedConnection lend(Deadline deadline) {
        BorrowedConnection loan = BorrowedConnection.from(source, this, deadline);
        boolean lent = false;
        try {
            if (loan.seesUncommitted()) {
                loan.isolate();
            }
            lent = true;
            return loan;
        } catch (SQLException e) {
            throw SqlFailures.unavailable(e);
        } finally {
            if (!lent) {
                loan.close();
            }
        }
    }

    /**
     * Reads on a connection that is kept. Where the server can be told to bound each statement of a transaction, that is how it
     * is bounded: the driver would ask the server to stop, on another connection, and wait for that as long as nothing answers.
     * Without any bound, each look-up that waits for a lock would go on waiting there, long after its connection was given up.
     */
    <T> T read(BorrowedConnection kept, Work<T> lookUp) throws SQLException {
        if (!dialect.boundsTransactions()) {
            return lookUp.on(kept);
        }
        try {
            kept.begin();
            T answer = lookUp.on(kept);
            kept.expectTime();
            kept.commit();
            kept.restore();
            return answer;
        } finally {
            kept.rollback();
        }
    }

    StoreUnavailableException rowIsLost() {
        return new StoreUnavailableException(
                "the table " + statements.prefixed("keywright_coherence") + " has lost its only row", null);
    }

    /** A call, or one attempt at it. */
    @FunctionalInterface
    private interface Attempt<T> {
        T make(Deadline deadline) throws SQLException;
    }

    private <T> T attempts(Attempt<T> call) {
        Deadline deadline = Deadline.in(timeout);
        for (int attempt = 1; ; attempt++) {
            try {
                return call.make(deadline);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !dialect.isRolledBack(e) || deadline.isOver()) {
                    throw SqlFailures.unavailable(e);
                }
            }
            pause(attempt);
        }
    }

    /** Takes a place among the writers before it borrows a connection, so that those that wait hold none. */
    private <T> T gated(WriteGate.Kind kind, Work<T> work) {
        return attempts(deadline -> {
            gate.enter(kind, deadline);
            try {
                return borrowed(deadline, work);
            } finally {
                gate.leave();
            }
        });
    }

    private <T> T borrowed(Deadline deadline, Work<T> work) throws SQLException {
        try (BorrowedConnection loan = BorrowedConnection.from(source, this, deadline)) {
            return work.on(loan);
        }
    }

    /** Long enough for whoever stood in the way, and by chance, so that two do not meet again. */
    static void pause(int attempt) {
        long most = PAUSE_MICROS << (attempt - 1);
        try {
            TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextLong(most));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the call was interrupted before it could be tried again", null);
        }
    }

    private <T> T inOrder(BorrowedConnection loan, @Nullable KeyId id, int revisions, Change<T> change)
            throws SQLException {
        return inTransaction(loan, id, same -> change.make(same, takeRevisions(same, revisions)));
    }

    private <T> T inTransaction(BorrowedConnection loan, @Nullable KeyId id, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            loan.begin();
            T result = work.on(loan);
            loan.expectTime();
            commit(loan, id);
            done = true;
            return result;
        } finally {
            if (!done) {
                loan.rollback();
            }
        }
    }

    private void commit(BorrowedConnection loan, @Nullable KeyId id) throws SQLException {
        try {
            loan.commit();
        } catch (SQLException e) {
            if (dialect.isRolledBack(e)) {
                throw e;
            }
            throw SqlFailures.unknown(id, e);
        } catch (RuntimeException e) {
            throw SqlFailures.unknown(id, e);
        }
    }

    private Coherence takeRevisions(BorrowedConnection loan, int howMany) throws SQLException {
        loan.update(Sql.TAKE_REVISIONS, howMany);
        List<Coherence> row = loan.query(
                found -> new Coherence(found.getLong(1), Duration.ofMillis(found.getLong(2))), Sql.COHERENCE);
        if (row.isEmpty()) {
            throw rowIsLost();
        }
        return row.get(0);
    }
}
