package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a database and the metadata of the tables, when a store is opened or the schema is installed. */
final class DatabaseInspector {

    private final Connection connection;
    private final Dialect dialect;
    private final SqlTexts texts;
    private final StatementRunner runner;

    DatabaseInspector(Connection connection, Dialect dialect, SqlTexts texts, StatementRunner runner) {
        this.connection = connection;
        this.dialect = dialect;
        this.texts = texts;
        this.runner = runner;
    }

    String url() throws SQLException {
        return connection.getMetaData().getURL();
    }

    /** Returns whether the connection, or the whole database, is read-only. This is a query on H2. */
    boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    /** Returns the first value of a query; empty if it is null or there is no row. */
    Optional<String> value(String query, @Nullable Object... values) throws SQLException {
        return column(1, query, values).stream().findFirst();
    }

    /** Returns the values of a column of a query, without nulls. */
    List<String> column(int column, String query, @Nullable Object... values) throws SQLException {
        return runner.queryText(row -> Optional.ofNullable(row.getString(column)), query, values).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the name of a table in this database, from its name in the schema files. */
    String tableName(String table) {
        return texts.prefixed(table);
    }

    /** Returns the {@linkplain java.sql.Types types} of the columns of a table by name; empty if there is no such table. */
    Optional<Map<String, Integer>> columnTypes(String table) throws SQLException {
        try (PreparedStatement statement = runner.prepare("SELECT * FROM " + tableName(table) + " WHERE 1 = 0");
                ResultSet rows = statement.executeQuery()) {
            ResultSetMetaData columns = rows.getMetaData();
            Map<String, Integer> types = new HashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                types.put(columns.getColumnName(i).toLowerCase(Locale.ROOT), columns.getColumnType(i));
            }
            return Optional.of(types);
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the columns of a table that have a unique index of their own. */
    Set<String> uniqueColumns(String table) throws SQLException {
        Set<String> unique = uniqueColumns(table, connection.getSchema());
        // In a search path of several schemas, the table may not be in the first one.
        return unique.isEmpty() ? uniqueColumns(table, null) : unique;
    }

    private Set<String> uniqueColumns(String table, @Nullable String schema) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String name =
                metaData.storesUpperCaseIdentifiers() ? tableName(table).toUpperCase(Locale.ROOT) : tableName(table);
        Map<String, List<String>> indexes = new HashMap<>();
        try (ResultSet rows = metaData.getIndexInfo(connection.getCatalog(), schema, name, true, true)) {
            while (rows.next()) {
                if (rows.getString("INDEX_NAME") != null) {
                    indexes.computeIfAbsent(
                                    rows.getString("TABLE_SCHEM") + "." + rows.getString("INDEX_NAME"),
                                    index -> new ArrayList<>())
                            .add(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return indexes.values().stream()
                .filter(columns -> columns.size() == 1)
                .map(columns -> columns.get(0))
                .collect(Collectors.toSet());
    }
}
