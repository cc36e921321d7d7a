package dev.keywright.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at the tables before anything relies on them. */
record Inspection(Loan loan, Dialect dialect) {

    private static final String KEYS = "keywright_key";
    private static final String USES = "keywright_use";
    private static final String COHERENCE = "keywright_coherence";

    private static final Set<Integer> BINARY = Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);

    /** The columns that rows are found and told apart by, and the ids that they name. */
    private static final Set<String> BYTES =
            Set.of("id", "tenant", "digest", "pepper", "predecessor", "successor", "imported_as", "key_id");

    /** The columns each of which is unique by itself. The one row of the third table is checked to be one. */
    private static final Map<String, Set<String>> UNIQUE = Map.of(KEYS, Set.of("id", "digest"), USES, Set.of("key_id"));

    /**
     * What is not as it should be.
     *
     * @param sentence what, and what to do
     * @param curable whether it is merely not there yet, so that installing the schema puts it right
     */
    record Defect(String sentence, boolean curable) {}

    /** The first defect; one that installing would not cure comes before the others. */
    Optional<Defect> defect() throws SQLException {
        Optional<Defect> keys = table(KEYS, List.of((Sql.Columns.KEY + ", ended_at").split(",\\s+")));
        Optional<Defect> uses = table(USES, List.of(("key_id, end_told_at, " + Sql.Columns.USE).split(",\\s+")));
        Optional<Defect> coherence =
                table(COHERENCE, List.of("id", "revision", "floor", "lease_millis", "schema_version"));
        if (coherence.isEmpty() && versions().isEmpty()) {
            coherence = missing("the table " + loan.name(COHERENCE) + " has no row with the id 1");
        }
        List<Defect> defects =
                Stream.of(keys, uses, coherence).flatMap(Optional::stream).toList();
        return defects.stream()
                .filter(d -> !d.curable())
                .findFirst()
                .or(() -> defects.stream().findFirst());
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

    /** {@return the version of the schema, where it has no defect} */
    int version() throws SQLException {
        return versions().get(0);
    }

    private List<Integer> versions() throws SQLException {
        return loan.query(row -> row.getInt(1), Sql.SCHEMA_VERSION);
    }

    private Optional<Defect> table(String table, List<String> columns) throws SQLException {
        String name = loan.name(table);
        Map<String, Integer> types;
        try {
            types = loan.columns(table, Inspection::types);
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return missing("the table " + name + " is not there");
            }
            throw e;
        }
        for (String column : columns) {
            Integer type = types.get(column);
            if (type == null) {
                return wrong("the table " + name + " has no column " + column);
            }
            // As a text it would be compared by the rules of some language, in which different keys can be equal.
            if (!table.equals(COHERENCE) && BYTES.contains(column) && !BINARY.contains(type)) {
                return wrong("the column " + column + " of the table " + name + " does not hold bytes");
            }
        }
        return Optional.empty();
    }

    private Optional<Defect> missing(String what) {
        return Optional.of(new Defect(
                what + ": call JdbcSchema.install(dataSource), or run the files of " + dialect.folder()
                        + " out of the jar of keywright-jdbc-store",
                true));
    }

    private Optional<Defect> wrong(String what) {
        return Optional.of(new Defect(
                what + ": compare it with the files of " + dialect.folder() + " in the jar of keywright-jdbc-store",
                false));
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
