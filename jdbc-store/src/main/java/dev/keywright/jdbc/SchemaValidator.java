package dev.keywright.jdbc;

import java.sql.SQLException;
import java.sql.Types;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Compares the tables of a database with the schema that the store needs. */
final class SchemaValidator {

    private static final String KEY = "keywright_key";
    private static final String USAGE = "keywright_usage";
    private static final String TENANT = "keywright_tenant";
    private static final String EVICTION = "keywright_eviction";
    private static final String COHERENCE = "keywright_coherence";

    private static final Set<Integer> BINARY = Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);

    /** Columns that identify rows, and columns that refer to them. */
    private static final Set<String> BINARY_COLUMNS = Set.of(
            "id",
            "tenant",
            "digest",
            "pepper",
            "created_by_name",
            "predecessor",
            "successor",
            "format",
            "owner_name",
            "name_folded",
            "issue_request",
            "key_id",
            "subject");

    /** Columns that must be unique. The coherence table is checked for its only row instead. */
    private static final Map<String, Set<String>> UNIQUE =
            Map.of(KEY, Set.of("id", "digest"), USAGE, Set.of("key_id"), TENANT, Set.of("tenant"));

    private final DatabaseInspector inspector;
    private final StatementRunner runner;
    private final SchemaFile file;

    SchemaValidator(BorrowedConnection connection, SchemaFile file) {
        this.inspector = connection.inspector();
        this.runner = connection.runner();
        this.file = file;
    }

    /**
     * Difference between a table and the schema.
     *
     * @param message the difference and its cure
     * @param isInstallable whether the statements of the schema file remove it
     */
    record Defect(String message, boolean isInstallable) {}

    /** Returns the first defect. Defects that the schema file does not remove come first. */
    Optional<Defect> defect() throws SQLException {
        Optional<Defect> coherence =
                tableDefect(COHERENCE, List.of("id", "revision", "lease_millis", "marks", "schema_version"));
        if (coherence.isEmpty()) {
            coherence = versionDefect();
        }
        return Stream.of(
                        tableDefect(KEY, columns(Sql.Fragments.KEY + ", inactive_at, name_folded")),
                        tableDefect(USAGE, columns("key_id, expiry_warning_millis, " + Sql.Fragments.USAGE)),
                        tableDefect(TENANT, columns(Sql.Fragments.MARK + ", sweeps")),
                        tableDefect(EVICTION, List.of("kind", "subject", "revision")),
                        coherence)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Defect::isInstallable));
    }

    /**
     * Returns the first column that should be unique and is not. Not part of {@link #defect}: while another node installs the
     * schema, a table may exist before its constraints.
     */
    Optional<Defect> uniquenessDefect() throws SQLException {
        for (Map.Entry<String, Set<String>> table : UNIQUE.entrySet()) {
            Set<String> unique = inspector.uniqueColumns(table.getKey());
            for (String column : table.getValue()) {
                if (!unique.contains(column)) {
                    return mismatch("the column " + column + " of the table " + inspector.tableName(table.getKey())
                            + " is not unique");
                }
            }
        }
        return Optional.empty();
    }

    /** Accepts a later version: it only adds to the schema, and the columns are checked separately. */
    private Optional<Defect> versionDefect() throws SQLException {
        String table = inspector.tableName(COHERENCE);
        List<Integer> versions = runner.query(row -> row.getInt(1), Sql.READ_SCHEMA_VERSION);
        if (versions.isEmpty()) {
            return missing("the table " + table + " has no row with the id 1");
        }
        return versions.get(0) < SchemaFile.VERSION
                ? mismatch("the table " + table + " has the schema version " + versions.get(0) + ", required is "
                        + SchemaFile.VERSION)
                : Optional.empty();
    }

    private Optional<Defect> tableDefect(String table, List<String> columns) throws SQLException {
        String name = inspector.tableName(table);
        Optional<Map<String, Integer>> found = inspector.columnTypes(table);
        if (found.isEmpty()) {
            return missing("the table " + name + " does not exist");
        }
        Map<String, Integer> types = found.get();
        for (String column : columns) {
            Integer type = types.get(column);
            if (type == null) {
                return mismatch("the table " + name + " has no column " + column);
            }
            // A collation compares text, and different keys can be equal in it.
            if (!table.equals(COHERENCE) && BINARY_COLUMNS.contains(column) && !BINARY.contains(type)) {
                return mismatch("the column " + column + " of the table " + name + " is not binary");
            }
        }
        return Optional.empty();
    }

    private Optional<Defect> missing(String defect) {
        return Optional.of(new Defect(
                defect + ": call JdbcSchema.install(dataSource), or run " + file.path()
                        + " from the jar of keywright-jdbc-store",
                true));
    }

    private Optional<Defect> mismatch(String defect) {
        return Optional.of(
                new Defect(defect + ": compare it with " + file.path() + " in the jar of keywright-jdbc-store", false));
    }

    private static List<String> columns(String list) {
        return List.of(list.split(",\\s+"));
    }
}
