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

/** Translates SQL exceptions to exceptions of the store, without messages that may quote a digest or the content of a row. */
final class SqlFailures {

    private static final Logger LOG = LoggerFactory.getLogger(SqlFailures.class);

    /**
     * SQLState classes "warning", "data exception" and "integrity constraint violation", whose messages quote values of the row. The
     * messages of a "general error" may too: MySQL reports some of these failures as one.
     */
    private static final Set<String> QUOTING_CLASSES = Set.of("01", "22", "23");

    private static final String GENERAL_ERROR = "HY000";

    private SqlFailures() {}

    /** Translates the failure of a statement whose transaction is rolled back. Its codes are in the cause or the log, for operators. */
    static StoreUnavailableException unavailable(SQLException e) {
        return new StoreUnavailableException("the API key store failed to run a statement", withoutQuotes(e));
    }

    /** Translates the failure of a commit, which may have taken effect. */
    static OutcomeUnknownException unknown(@Nullable KeyId id, SQLException e) {
        return outcomeUnknown(id, withoutQuotes(e));
    }

    /** Translates an unchecked exception of the driver in a commit, whose message may quote values. */
    static OutcomeUnknownException unknown(@Nullable KeyId id, RuntimeException e) {
        LOG.warn(
                "Commit failed in the JDBC driver; its outcome is unknown: {}",
                e.getClass().getName());
        return outcomeUnknown(id, null);
    }

    private static OutcomeUnknownException outcomeUnknown(@Nullable KeyId id, @Nullable Throwable cause) {
        return id == null ? new OutcomeUnknownException(cause) : new OutcomeUnknownException(id, cause);
    }

    /** Returns the failure. If a message in it may quote values, logs its codes and returns null. */
    private static @Nullable SQLException withoutQuotes(SQLException e) {
        SQLException failure =
                e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
        if (!mayQuote(failure, Collections.newSetFromMap(new IdentityHashMap<>()))) {
            return failure;
        }
        LOG.warn("Statement failed in the database: SQLState {}, vendor code {}", e.getSQLState(), e.getErrorCode());
        return null;
    }

    private static boolean mayQuote(@Nullable Throwable e, Set<Throwable> seen) {
        if (e == null || !seen.add(e)) {
            return false;
        }
        // The message of a failed batch may contain the statement with its values, whatever the SQLState.
        if (e instanceof BatchUpdateException) {
            return true;
        }
        if (e instanceof SQLException sql) {
            String stateClass = stateClass(sql);
            if (stateClass.isEmpty()
                    || QUOTING_CLASSES.contains(stateClass)
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

    /** Returns the first two characters of the SQLState; empty if there is none. */
    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}
