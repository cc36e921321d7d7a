package dev.keywright.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at the tables before anything relies on them. */
record SchemaValidator(BorrowedConnection loan, SchemaFiles files) {

    private static final String KEYS = "keywright_key";
    private static final String USES = "keywright_usage";
    private static final String TENANTS = "keywright_tenant";
    private static final String EVICTIONS = "keywright_eviction";
    private static final String COHERENCE = "keywright_coherence";

    private static final Set<Integer> BINARY = Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);

    /** The columns that rows are found and told apart by, and the ids that they name. */
    private static final Set<String> BYTES = Set.of(
            "id",
            "tenant",
            "digest",
            "pepper",
            "created_by_name",
            "predecessor",
            "successor",
            "imported_as",
            "key_id",
            "subject");

    /** The columns each of which is unique by itself. The one row of the table beside them is checked to be one. */
    private static final Map<String, Set<String>> UNIQUE =
            Map.of(KEYS, Set.of("id", "digest"), USES, Set.of("key_id"), TENANTS, Set.of("tenant"));

    /**
     * What is not as it should be.
     *
     * @param sentence what, and what to do
     * @param curedFrom the version after which the schema files put it right; empty if none of them does
     */
    record Defect(String sentence, Optional<Integer> curedFrom) {}

    /** The first defect; one that installing would not cure comes before the others, and then one that it cures earlier. */
    Optional<Defect> defect() throws SQLException {
        Optional<Defect> coherence =
                table(COHERENCE, List.of("id", "revision", "lease_millis", "marks", "schema_version"), 0);
        int version = 0;
        if (coherence.isEmpty()) {
            List<Integer> versions = loan.query(row -> row.getInt(1), Sql.SCHEMA_VERSION);
            version = versions.isEmpty() ? 0 : Math.max(0, versions.get(0));
            coherence = age(versions);
        }
        Optional<Defect> keys = table(KEYS, List.of((Sql.Columns.KEY + ", inactive_at").split(",\\s+")), version);
        Optional<Defect> uses =
                table(USES, List.of(("key_id, expiry_notified_at, " + Sql.Columns.USE).split(",\\s+")), version);
        Optional<Defect> tenants = table(TENANTS, List.of((Sql.Columns.MARK + ", sweeps").split(",\\s+")), version);
        Optional<Defect> evictions = table(EVICTIONS, List.of("kind", "subject", "revision"), version);
        return Stream.of(keys, uses, tenants, evictions, coherence)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(defect -> defect.curedFrom().orElse(-1)));
    }

    /**
     * That a column is not unique which must be. Not asked while tables are set up: another node may have set up a table, and
     * not yet its constraints.
     */
    Optional<Defect> ambiguity() throws SQLException {
        for (Map.Entry<String, Set<String>> table : UNIQUE.entrySet()) {
            Set<String> alone = loan.uniqueColumns(table.getKey());
            for (String column : table.getValue()) {
                if (!alone.contains(column)) {
                    return wrong(
                            "the column " + column + " of the table " + loan.name(table.getKey()) + " is not unique");
                }
            }
        }
        return Optional.empty();
    }

    /** A version that is newer than ours has all that we need, as none takes anything away: else a column is missing. */
    private Optional<Defect> age(List<Integer> versions) {
        if (versions.isEmpty()) {
            return missing("the table " + loan.name(COHERENCE) + " has no row with the id 1", 0);
        }
        int version = versions.get(0);
        if (version < 1) {
            return wrong("the table " + loan.name(COHERENCE) + " says that its version is " + version);
        }
        return version < files.version()
                ? missing("the tables are of version " + version + ", and needed is " + files.version(), version)
                : Optional.empty();
    }

    private Optional<Defect> table(String table, List<String> columns, int version) throws SQLException {
        String name = loan.name(table);
        Map<String, Integer> types;
        try {
            types = loan.columns(table, SchemaValidator::types);
        } catch (SQLException e) {
            if (loan.isMissingTable(e)) {
                return missing("the table " + name + " is not there", 0);
            }
            throw e;
        }
        Optional<Defect> outdated = Optional.empty();
        for (String column : columns) {
            Integer type = types.get(column);
            if (type == null) {
                String sentence = "the table " + name + " has no column " + column;
                if (!files.adds(table, column, version)) {
                    return wrong(sentence);
                }
                outdated = outdated.or(() -> missing(sentence, version));
                continue;
            }
            // As a text it would be compared by the rules of some language, in which different keys can be equal.
            if (!table.equals(COHERENCE) && BYTES.contains(column) && !BINARY.contains(type)) {
                return wrong("the column " + column + " of the table " + name + " does not hold bytes");
            }
        }
        return outdated;
    }

    private Optional<Defect> missing(String what, int curedFrom) {
        return Optional.of(new Defect(
                what + ": call JdbcSchema.install(dataSource), or run the files of " + files.folder()
                        + " out of the jar of keywright-jdbc-store",
                Optional.of(curedFrom)));
    }

    private Optional<Defect> wrong(String what) {
        return Optional.of(new Defect(
                what + ": compare it with the files of " + files.folder() + " in the jar of keywright-jdbc-store",
                Optional.empty()));
    }

    private static Map<String, Integer> types(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        Map<String, Integer> types = new HashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            types.put(columns.getColumnName(i).toLowerCase(Locale.ROOT), columns.getColumnType(i));
        }
        return types;
    }
}
