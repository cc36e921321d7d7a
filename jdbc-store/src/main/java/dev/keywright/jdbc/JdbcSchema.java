package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that {@link JdbcKeyStore} keeps keys in, for those who have no tool of their own that migrates databases. Those
 * who have one point it at {@code META-INF/keywright/jdbc/} in the jar, and there at {@code h2}, {@code mysql}, {@code
 * postgresql} or {@code sqlite}: the files there have the names that Flyway wants.
 *
 * <p>A later version of the schema only ever adds, and what it adds has a default: a store of an earlier version of this
 * library goes on working beside one of a later. Not so on H2, which loses what is written to a table while a column is added
 * to it: there, install a later version while no other process writes.
 */
public final class JdbcSchema {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSchema.class);

    /** How often a statement is tried that another node stands in the way of. */
    private static final int ATTEMPTS = 6;

    private JdbcSchema() {}

    /**
     * Creates what is missing, with the default options, and leaves what is there as it is. May be called at each start, by
     * several nodes at once.
     *
     * @param source the database
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if there is a table of this name that has other columns, or another row than it should;
     *     then what is there is left as it is; if the data source is a proxy of Spring's that hands out the connection of a
     *     transaction; if a schema file is missing from the jar
     * @throws StoreUnavailableException if the database does not answer, does not let us create tables, or the data source is one
     *     of connections inside a transaction
     */
    public static void install(DataSource source) {
        install(source, JdbcOptions.defaults());
    }

    /**
     * Creates what is missing, and leaves what is there as it is. May be called at each start, by several nodes at once.
     *
     * @param source the database
     * @param options what was chosen; the same as for the {@linkplain JdbcKeyStore store}
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if there is a table of this name that has other columns, or another row than it should;
     *     then what is there is left as it is; if the data source is a proxy of Spring's that hands out the connection of a
     *     transaction; if a schema file is missing from the jar
     * @throws StoreUnavailableException if the database does not answer, does not let us create tables, or the data source is one
     *     of connections inside a transaction
     */
    public static void install(DataSource source, JdbcOptions options) {
        Database database = Database.at(source, options);
        install(database, SchemaFiles.of(database.dialect()));
    }

    static void install(Database database, SchemaFiles files) {
        synchronized (database.dialect().installing()) {
            database.read(loan -> {
                install(loan, database.dialect(), files);
                return true;
            });
        }
    }

    /**
     * Takes no lock in the database, and no transaction: of the four databases, two know neither for statements that create tables. Several
     * nodes may be at the same file, and one may have died in the middle of it, since each statement does one thing, may come
     * upon its own work, and the one that writes down the version is the last.
     */
    private static void install(BorrowedConnection loan, Dialect dialect, SchemaFiles files) throws SQLException {
        SchemaValidator inspection = new SchemaValidator(loan, files);
        Optional<SchemaValidator.Defect> defect = inspection.defect();
        if (defect.isEmpty()) {
            return;
        }
        int version = defect.get().curedFrom().orElseThrow(() -> unusable(defect.get()));
        for (String statement : files.after(version)) {
            execute(loan, dialect, statement);
        }
        inspection.defect().ifPresent(left -> {
            throw unusable(left);
        });
        LOG.info("Installed version {} of the tables out of {}", files.version(), files.folder());
    }

    private static void execute(BorrowedConnection loan, Dialect dialect, String statement) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                loan.execute(statement);
                return;
            } catch (SQLException e) {
                if (dialect.isThere(e)) {
                    return;
                }
                // Most likely another node is about to do the same, and will have done it when we try again.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
            Database.pause(attempt);
        }
    }

    private static IllegalStateException unusable(SchemaValidator.Defect defect) {
        return new IllegalStateException(defect.sentence());
    }
}
