package dev.keywright.jdbc;

import java.sql.SQLException;
import java.util.List;

/** What a database does in its own way. A further one is a class beside this, a case in {@link #of}, and a schema file. */
abstract class Dialect {

    /**
     * The dialect of a database.
     *
     * @param product the name that the driver gives it
     * @throws IllegalArgumentException if it is not supported
     */
    static Dialect of(String product) {
        return switch (product) {
            case "H2" -> new H2Dialect();
            default ->
                throw new IllegalArgumentException(
                        "Keywright keeps keys in H2; it does not support the database \"" + product + "\"");
        };
    }

    /** Where the schema file is, in this jar and for tools that migrate databases. */
    abstract String schemaFile();

    /** Whether a failure says that a row with this id or digest is there already. */
    abstract boolean isDuplicate(SQLException e);

    /** Whether a failure says that a table is not there. */
    abstract boolean isMissingTable(SQLException e);

    /** What the operators should know about how the database is set, in sentences; none where all is well. */
    abstract List<String> warnings(Loan loan) throws SQLException;
}
