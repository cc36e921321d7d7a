package dev.keywright.jdbc;

import dev.keywright.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that {@link JdbcKeyStore} keeps keys in, for those who have no tool of their own that migrates databases. Those
 * who have one point it at {@code META-INF/keywright/jdbc/} in the jar, and there at {@code h2}, {@code mysql}, {@code
 * postgresql} or {@code sqlite}: the files there have the names that Flyway wants, and each may be run again.
 *
 * <p>A later version of the schema only ever adds, and what it adds has a default: a store of an earlier version of this
 * library goes on working beside one of a later.
 */
public final class JdbcSchema {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSchema.class);

    /** One file for each version, from the first on. */
    static final List<String> FILES = List.of("V1__keywright.sql");

    /** Each attempt fails only where another node is just a statement ahead, and there are few that can collide. */
    private static final int ATTEMPTS = 10;

    private JdbcSchema() {}

    /**
     * Creates what is missing, with the default options, and leaves what is there as it is. May be called at each start, by
     * several nodes at once.
     *
     * @param source the database
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if there is a table of this name that has other columns, or another row than it should;
     *     then what is there is left as it is
     * @throws StoreUnavailable if the database does not answer, does not let us create tables, or the data source is one
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
     *     then what is there is left as it is
     * @throws StoreUnavailable if the database does not answer, does not let us create tables, or the data source is one
     *     of connections inside a transaction
     */
    public static void install(DataSource source, JdbcOptions options) {
        install(source, options, FILES);
    }

    /** Brings the schema to the version that the last of these files makes. */
    static void install(DataSource source, JdbcOptions options, List<String> files) {
        Database database = Database.at(source, options);
        database.read(loan -> {
            install(loan, database.dialect(), files);
            return true;
        });
    }

    private static void install(Loan loan, Dialect dialect, List<String> files) throws SQLException {
        Inspection inspection = new Inspection(loan, dialect);
        for (int attempt = 1; ; attempt++) {
            int version = version(inspection, attempt > ATTEMPTS);
            if (version >= files.size()) {
                return;
            }
            try {
                for (String file : files.subList(version, files.size())) {
                    for (String statement : statements(dialect.folder() + "/" + file)) {
                        loan.execute(statement);
                    }
                    LOG.info("Installed {}/{}", dialect.folder(), file);
                }
            } catch (SQLException e) {
                // Most likely another node creates the same: what counts is what is there when we look again.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The version that is there; what the files cannot put right, or have not so far, is an exception. */
    private static int version(Inspection inspection, boolean triedInVain) throws SQLException {
        Optional<Inspection.Defect> defect = inspection.defect();
        defect.filter(d -> triedInVain || !d.curable()).ifPresent(d -> {
            throw new IllegalStateException(d.sentence());
        });
        return defect.isPresent() ? 0 : inspection.version();
    }

    private static List<String> statements(String file) {
        String withoutComments = read(file).replaceAll("(?m)^--.*$", "");
        return Arrays.stream(withoutComments.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(JdbcSchema.class.getResourceAsStream("/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
