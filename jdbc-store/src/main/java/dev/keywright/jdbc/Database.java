package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknown;
import dev.keywright.StoreUnavailable;
import dev.keywright.spi.Written;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * How the store talks to its database: each call on one connection, look-ups in autocommit, and writes like this.
 *
 * <ol>
 *   <li>Begin a transaction at READ COMMITTED.
 *   <li>Take the next revision. Whoever else writes waits here until this transaction has ended.
 *   <li>Make the change, in a statement of its own, which therefore sees all that earlier writers have committed.
 *   <li>Commit. Up to here, a failure undoes everything; in the commit, nobody knows.
 * </ol>
 */
record Database(DataSource source) {

    /** Something that is asked for in autocommit. */
    @FunctionalInterface
    interface LookUp<T> {
        T on(Loan loan) throws SQLException;
    }

    /** What a write does, once it has its revision. */
    @FunctionalInterface
    interface Change {
        Written make(Loan loan, Coherence coherence) throws SQLException;
    }

    /** What the row beside the keys says. */
    record Coherence(long revision, Duration lease) {}

    <T> T read(LookUp<T> lookUp) {
        try (Loan loan = Loan.from(source)) {
            return lookUp.on(loan);
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        }
    }

    /** Writes to a key, of which {@link OutcomeUnknown} tells if it comes to that. */
    Written write(KeyId id, Change change) {
        try (Loan loan = Loan.from(source)) {
            Written written = inTransaction(loan, change);
            commit(loan, id);
            return written;
        }
    }

    private static Written inTransaction(Loan loan, Change change) {
        boolean done = false;
        try {
            loan.begin();
            Written written = change.make(loan, takeRevision(loan));
            done = true;
            return written;
        } catch (SQLException e) {
            throw Failures.unavailable(e);
        } finally {
            if (!done) {
                loan.rollback();
            }
        }
    }

    private static void commit(Loan loan, KeyId id) {
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

    private static Coherence takeRevision(Loan loan) throws SQLException {
        loan.update(Sql.TAKE_REVISION);
        List<Coherence> row = loan.query(
                found -> new Coherence(found.getLong(1), Duration.ofMillis(found.getLong(2))), Sql.COHERENCE);
        if (row.isEmpty()) {
            throw new StoreUnavailable("the table keywright_coherence has lost its only row", null);
        }
        return row.get(0);
    }
}
