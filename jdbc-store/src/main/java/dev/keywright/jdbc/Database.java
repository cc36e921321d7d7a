package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknown;
import dev.keywright.StoreUnavailable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How the store talks to its database: each call on one connection, look-ups in autocommit, and writes to keys like this.
 *
 * <ol>
 *   <li>Begin a transaction at READ COMMITTED.
 *   <li>Take the next revision. Whoever else writes waits here until this transaction has ended.
 *   <li>Make the change, in a statement of its own, which therefore sees all that earlier writers have committed.
 *   <li>Commit. Up to here, a failure undoes everything; in the commit, nobody knows.
 * </ol>
 */
record Database(DataSource source) {

    /** How often a transaction is begun that the database gives up so that another can go on. */
    private static final int ATTEMPTS = 3;

    /** What is done on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Loan loan) throws SQLException;
    }

    /** What a write does, once it has its revision. */
    @FunctionalInterface
    interface Change<T> {
        T make(Loan loan, Coherence coherence) throws SQLException;
    }

    /**
     * What the row beside the keys says.
     *
     * @param revision the revision that was taken; of several, the last
     * @param lease for how long a node that caches may answer without asking again
     */
    record Coherence(long revision, Duration lease) {}

    <T> T read(Work<T> lookUp) {
        try (Loan loan = Loan.from(source)) {
            return lookUp.on(loan);
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        }
    }

    /** Writes to a key, of which {@link OutcomeUnknown} tells if it comes to that. */
    <T> T write(KeyId id, Change<T> change) {
        return inOrder(id, 1, change);
    }

    /** Writes to many keys, taking one revision for all or one for each. */
    <T> T writeMany(int revisions, Change<T> change) {
        return inOrder(null, revisions, change);
    }

    /**
     * Writes what is kept beside the keys, in a transaction of the same kind that takes no revision. Nothing that is written
     * here decides whether a key is accepted: so no cache has to hear of it, it needs no place among the writes that do, and
     * a revocation must not stand in line behind it. Therefore it MUST NOT touch, or lock, the row of a key.
     *
     * <p>As nothing orders these, two of them can stand in each other's way: where the database gives one up for that, it is
     * done again, once the other has ended.
     */
    <T> T writeBeside(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Loan loan = Loan.from(source)) {
                T result = inTransaction(loan, work);
                commit(loan, null);
                return result;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !Failures.isRolledBack(e)) {
                    throw Failures.unavailable(e);
                }
            }
        }
    }

    private <T> T inOrder(@Nullable KeyId id, int revisions, Change<T> change) {
        try (Loan loan = Loan.from(source)) {
            T result = inTransaction(loan, borrowed -> change.make(borrowed, takeRevisions(borrowed, revisions)));
            commit(loan, id);
            return result;
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        }
    }

    private static <T> T inTransaction(Loan loan, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            loan.begin();
            T result = work.on(loan);
            done = true;
            return result;
        } finally {
            if (!done) {
                loan.rollback();
            }
        }
    }

    private static void commit(Loan loan, @Nullable KeyId id) {
        boolean done = false;
        try {
            loan.commit();
            done = true;
        } catch (SQLException e) {
            throw Failures.uncommitted(id, e);
        } catch (RuntimeException e) {
            throw Failures.uncommitted(id, e);
        } finally {
            if (!done) {
                loan.rollback();
            }
        }
    }

    private static Coherence takeRevisions(Loan loan, int howMany) throws SQLException {
        loan.update(Sql.TAKE_REVISIONS, howMany);
        List<Coherence> row = loan.query(
                found -> new Coherence(found.getLong(1), Duration.ofMillis(found.getLong(2))), Sql.COHERENCE);
        if (row.isEmpty()) {
            throw new StoreUnavailable("the table keywright_coherence has lost its only row", null);
        }
        return row.get(0);
    }
}
