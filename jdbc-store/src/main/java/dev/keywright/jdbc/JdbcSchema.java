package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the tables of {@link JdbcKeyStore}, for hosts without a migration tool. A migration tool runs the file in the folder
 * {@code META-INF/keywright/jdbc/} of the jar, under {@code h2}, {@code mysql}, {@code postgresql} or {@code sqlite}; its name is
 * one that Flyway accepts.
 *
 * <p>A later version of the schema only adds tables, indexes, and columns with a default, so that stores of an earlier version of
 * this library keep working beside those of a later one.
 */
public final class JdbcSchema {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSchema.class);

    /** Maximum number of attempts at a statement that conflicts with another node. */
    private static final int MAX_ATTEMPTS = 6;

    private JdbcSchema() {}

    /**
     * Creates the missing tables with the default options, and leaves existing ones unchanged. Idempotent; several nodes may call
     * this at the same time, at each start. Does not check indexes: a dropped one is not created again.
     *
     * @param source the database
     * @throws IllegalArgumentException if the database is not supported
     * @throws IllegalStateException if a table of the same name has other columns or another row than it should; the database is
     *     then left unchanged; if the data source is a proxy of Spring's that hands out the connection of a transaction; if the
     *     schema file is missing from the jar
     * @throws StoreUnavailableException if the database does not respond or refuses to create tables, or the data source hands out
     *     connections inside a transaction
     */
    public static void install(DataSource source) {
        install(source, JdbcOptions.defaults());
    }

    /**
     * Creates the missing tables, and leaves existing ones unchanged. Idempotent; several nodes may call this at the same time, at
     * each start. Does not check indexes: a dropped one is not created again.
     *
     * @param source the database
     * @param options the options; the same as for the {@linkplain JdbcKeyStore store}
     * @throws IllegalArgumentException if the database is not supported
     * @throws IllegalStateException if a table of the same name has other columns or another row than it should; the database is
     *     then left unchanged; if the data source is a proxy of Spring's that hands out the connection of a transaction; if the
     *     schema file is missing from the jar
     * @throws StoreUnavailableException if the database does not respond or refuses to create tables, or the data source hands out
     *     connections inside a transaction
     */
    public static void install(DataSource source, JdbcOptions options) {
        Database database = Database.at(source, options);
        SchemaFile file = SchemaFile.of(database.dialect());
        database.onConnection(connection -> {
            install(connection, database.dialect(), file);
            return true;
        });
    }

    /**
     * Uses no lock and no transaction: two of the four databases have neither for statements that create tables. Safe while other
     * nodes run the same file, and after a crash in the middle of it: each statement makes one change and has no effect the second
     * time, and the last one stores the version.
     */
    private static void install(BorrowedConnection connection, Dialect dialect, SchemaFile file) throws SQLException {
        SchemaValidator validator = new SchemaValidator(connection, file);
        Optional<SchemaValidator.Defect> defect = validator.defect();
        if (defect.isEmpty()) {
            return;
        }
        if (!defect.get().isInstallable()) {
            throw unusable(defect.get());
        }
        for (String statement : file.statements()) {
            execute(connection.runner(), dialect, statement);
        }
        validator.defect().ifPresent(remaining -> {
            throw unusable(remaining);
        });
        LOG.info("Installed version {} of the API key tables from {}", SchemaFile.VERSION, file.path());
    }

    private static void execute(StatementRunner runner, Dialect dialect, String statement) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                runner.execute(statement);
                return;
            } catch (SQLException e) {
                if (dialect.alreadyExists(e)) {
                    return;
                }
                // Another node probably runs the same statement, and completes it before the next attempt.
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
            Database.pause(attempt);
        }
    }

    private static IllegalStateException unusable(SchemaValidator.Defect defect) {
        return new IllegalStateException(defect.message());
    }
}
