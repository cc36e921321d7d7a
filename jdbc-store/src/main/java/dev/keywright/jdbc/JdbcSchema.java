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

/** The tables that {@link JdbcKeyStore} keeps keys in, for those who have no tool of their own that migrates databases. */
public final class JdbcSchema {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSchema.class);

    /** Each attempt fails only where another node is just a statement ahead, and there are three that can collide. */
    private static final int ATTEMPTS = 10;

    private JdbcSchema() {}

    /**
     * Creates what is missing, and leaves what is there as it is. May be called at each start, by several nodes at once.
     *
     * @param source the database
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if there is a table of this name that has other columns, or another row than it should;
     *     then what is there is left as it is
     * @throws StoreUnavailable if the database does not answer, does not let us create tables, or the data source is one
     *     of connections inside a transaction
     */
    public static void install(DataSource source) {
        new Database(Objects.requireNonNull(source)).read(loan -> {
            install(loan, Dialect.of(loan.product()));
            return true;
        });
    }

    private static void install(Loan loan, Dialect dialect) throws SQLException {
        Inspection inspection = new Inspection(loan, dialect);
        for (int attempt = 1; isMissing(inspection, attempt > ATTEMPTS); attempt++) {
            try {
                for (String statement : statements(dialect.schemaFile())) {
                    loan.update(statement);
                }
                LOG.info("Installed {}", dialect.schemaFile());
            } catch (SQLException e) {
                // Most likely another node creates the same: what counts is what is there when we look again.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Whether there is something to install; what the file cannot put right, or has not so far, is an exception. */
    private static boolean isMissing(Inspection inspection, boolean triedInVain) throws SQLException {
        Optional<Inspection.Defect> defect = inspection.defect();
        defect.filter(d -> triedInVain || !d.curable()).ifPresent(d -> {
            throw new IllegalStateException(d.sentence());
        });
        return defect.isPresent();
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
