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

    /**
     * What is not as it should be.
     *
     * @param sentence what, and what to do
     * @param curable whether it is merely not there yet, so that installing the schema puts it right
     */
    record Defect(String sentence, boolean curable) {}

    /** The first defect; one that installing would not cure comes before the others. */
    Optional<Defect> defect() throws SQLException {
        Optional<Defect> keys = table(KEYS, List.of((Sql.COLUMNS + ", ended_at").split(",\\s+")));
        Optional<Defect> uses = table(USES, List.of(("key_id, end_told_at, " + Sql.USE_COLUMNS).split(",\\s+")));
        Optional<Defect> coherence = table(COHERENCE, List.of("id", "revision", "floor", "lease_millis"));
        if (coherence.isEmpty()
                && loan.query(row -> row.getLong(1), Sql.COHERENCE).isEmpty()) {
            coherence = missing("the table " + COHERENCE + " has no row with the id 1");
        }
        List<Defect> defects =
                Stream.of(keys, uses, coherence).flatMap(Optional::stream).toList();
        return defects.stream()
                .filter(d -> !d.curable())
                .findFirst()
                .or(() -> defects.stream().findFirst());
    }

    private Optional<Defect> table(String table, List<String> columns) throws SQLException {
        Map<String, Integer> types;
        try {
            types = loan.ask(Inspection::types, "SELECT * FROM " + table + " WHERE 1 = 0");
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return missing("the table " + table + " is not there");
            }
            throw e;
        }
        for (String column : columns) {
            Integer type = types.get(column);
            if (type == null) {
                return wrong("the table " + table + " has no column " + column);
            }
            // As a text it would be compared by the rules of some language, in which different keys can be equal.
            if (!table.equals(COHERENCE) && Sql.BYTES.contains(column) && !BINARY.contains(type)) {
                return wrong("the column " + column + " of the table " + table + " does not hold bytes");
            }
        }
        return Optional.empty();
    }

    private Optional<Defect> missing(String what) {
        return Optional.of(new Defect(
                what + ": call JdbcSchema.install(dataSource), or run " + dialect.schemaFile()
                        + " out of the jar of keywright-jdbc-store",
                true));
    }

    private Optional<Defect> wrong(String what) {
        return Optional.of(new Defect(
                what + ": compare it with " + dialect.schemaFile() + " in the jar of keywright-jdbc-store", false));
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
