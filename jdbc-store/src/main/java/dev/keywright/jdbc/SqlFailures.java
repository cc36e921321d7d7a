package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure of the database is to the caller, and how much of the database's own words goes with it. */
final class SqlFailures {

    private static final Logger LOG = LoggerFactory.getLogger(SqlFailures.class);

    /**
     * "Warning", "data exception" and "integrity constraint violation": their texts quote the values of the row. So may a
     * "general error", as which MySQL reports some of these.
     */
    private static final Set<String> QUOTING = Set.of("01", "22", "23");

    private static final String GENERAL_ERROR = "HY000";

    private SqlFailures() {}

    /** A statement failed, and its transaction is undone. */
    static StoreUnavailableException unavailable(SQLException e) {
        return new StoreUnavailableException("the store of API keys cannot answer", harmless(e));
    }

    /** A commit was sent, and not answered: what it was to do may be done. */
    static OutcomeUnknownException unknown(@Nullable KeyId id, SQLException e) {
        return outcomeUnknown(id, harmless(e));
    }

    /** A commit failed in the driver itself, whose text is not known to be harmless. */
    static OutcomeUnknownException unknown(@Nullable KeyId id, RuntimeException e) {
        LOG.warn("The driver broke in a commit: {}", e.getClass().getName());
        return outcomeUnknown(id, null);
    }

    private static OutcomeUnknownException outcomeUnknown(@Nullable KeyId id, @Nullable Throwable cause) {
        return id == null ? new OutcomeUnknownException(cause) : new OutcomeUnknownException(id, cause);
    }

    /** The failure itself, unless a text in it may carry a digest or a row's contents; then only its codes are logged. */
    private static @Nullable SQLException harmless(SQLException e) {
        SQLException failure =
                e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
        if (!mayQuote(failure, Collections.newSetFromMap(new IdentityHashMap<>()))) {
            return failure;
        }
        LOG.warn("The database refused a statement: SQLState {}, vendor code {}", e.getSQLState(), e.getErrorCode());
        return null;
    }

    private static boolean mayQuote(@Nullable Throwable e, Set<Throwable> seen) {
        if (e == null || !seen.add(e)) {
            return false;
        }
        // The message of a failed batch may be the statement with its values, whatever its state; what failed stands
        // behind it.
        if (e instanceof BatchUpdateException) {
            return true;
        }
        if (e instanceof SQLException sql) {
            String stateClass = stateClass(sql);
            if (stateClass.isEmpty()
                    || QUOTING.contains(stateClass)
                    || GENERAL_ERROR.equals(sql.getSQLState())
                    || mayQuote(sql.getNextException(), seen)) {
                return true;
            }
        }
        for (Throwable suppressed : e.getSuppressed()) {
            if (mayQuote(suppressed, seen)) {
                return true;
            }
        }
        return mayQuote(e.getCause(), seen);
    }

    /** The first two characters of the SQLState; empty where there is none. */
    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}
