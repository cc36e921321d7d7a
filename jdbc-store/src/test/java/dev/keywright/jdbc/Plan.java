package dev.keywright.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Execution plan of a statement, in a form that is the same for all databases.
 *
 * @param ways the indexes that it seeks in; {@code all in …} for a full scan of an index, {@code all of …} for a full scan of a
 *     table, and {@code sort} for a sort of rows
 * @param text the plan as the database reports it; long lists of values are shortened
 */
record Plan(Set<String> ways, String text) {

    /** Parts of a plan that are not tables: subqueries that are scanned. */
    private static final String NO_TABLE_OF_SQLITE =
            "SCAN (CONSTANT ROW|e|changes|evictions|counted|unswept)( LEFT-JOIN)?";

    Plan {
        text = text.replaceAll("((?:[^, \\n]+, ){3})(?:[^, \\n]+, ){20,}", "$1…");
    }

    private static final String SORT = "sort";
    private static final String ALL_IN = "all in ";
    private static final String ALL_OF = "all of ";

    /** Has a single row, so that a full scan is as good as an index. */
    private static final String COHERENCE = "keywright_coherence";

    private static final Pattern INDEX_OF_POSTGRESQL =
            Pattern.compile("Index (?:Only )?Scan(?: Backward)? using (\\w+)|Bitmap Index Scan on (\\w+)");

    private static final Pattern TABLE_OF_POSTGRESQL = Pattern.compile("Seq Scan on (\\w+)");

    /** Excludes {@code ANY(…)}, a skip scan over the first columns of the index. */
    private static final Pattern INDEX_OF_SQLITE =
            Pattern.compile("SEARCH .*USING (?:COVERING )?INDEX (\\w+)(?! \\(ANY)\\b");

    private static final Pattern INDEX_OF_H2 = Pattern.compile("/\\* PUBLIC\\.(\\w+)(?=:| \\*/)");

    private static final Pattern TABLE_OF_H2 = Pattern.compile("/\\* PUBLIC\\.(\\w+)\\.tableScan");

    /** Reads the plan for given values. */
    static Plan of(TestDatabase database, Connection connection, String sql, Object... values) throws SQLException {
        return switch (database) {
            case H2 -> onH2(connection, sql, values);
            case SQLITE -> onSqlite(connection, sql, values);
            case POSTGRESQL -> onPostgreSql(ask(connection, "EXPLAIN " + sql, values));
            case MARIADB, MARIADB_MYSQL -> onMariaDb(connection, sql, values);
        };
    }

    /** Reads the generic plan of PostgreSQL, which it uses for any values after a few executions. */
    static Plan generic(Connection connection, String sql, Object... values) throws SQLException {
        String[] parts = sql.split("\\?", -1);
        StringBuilder numbered = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            numbered.append('$').append(i).append(parts[i]);
        }
        String types = list(Arrays.stream(values).map(Plan::type));
        String literals = list(Arrays.stream(values).map(Plan::literal));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
            statement.execute("PREPARE asked " + types + " AS " + numbered);
            try {
                return onPostgreSql(ask(connection, "EXPLAIN EXECUTE asked " + literals));
            } finally {
                statement.execute("DEALLOCATE asked");
                statement.execute("RESET plan_cache_mode");
            }
        }
    }

    /** Returns the ways without the difference between a seek and a full scan of an index. */
    Set<String> wholeOrPart() {
        return ways.stream().map(way -> way.replace(ALL_IN, "")).collect(Collectors.toSet());
    }

    /** Returns the full scan of a table, or the primary key of the table with a single row. */
    private static String whole(String table) {
        return table.equals(COHERENCE) ? primaryKey(table) : ALL_OF + table;
    }

    private static Plan onPostgreSql(List<String> lines) {
        Set<String> ways = new TreeSet<>();
        for (String line : lines) {
            ways.addAll(found(INDEX_OF_POSTGRESQL, line));
            found(TABLE_OF_POSTGRESQL, line).forEach(table -> ways.add(whole(table)));
            if (line.matches("[ >-]*(Incremental )?Sort {2}\\(.*")) {
                ways.add(SORT);
            }
        }
        return new Plan(ways, String.join("\n", lines));
    }

    private static Plan onSqlite(Connection connection, String sql, Object... values) throws SQLException {
        Set<String> ways = new TreeSet<>();
        List<String> lines = rows(connection, "EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), values);
        for (String line : lines) {
            Set<String> indexes = found(INDEX_OF_SQLITE, line);
            ways.addAll(indexes);
            if (line.matches("SEARCH \\w+ USING INTEGER PRIMARY KEY.*")) {
                ways.add(primaryKey(table(line.split(" ", -1)[1])));
            } else if (indexes.isEmpty() && line.contains(" INDEX ")) {
                ways.add(ALL_IN + line.replaceFirst(".* INDEX (\\w+).*", "$1"));
            } else if (line.startsWith("SCAN ") && indexes.isEmpty() && !line.matches(NO_TABLE_OF_SQLITE)) {
                ways.add(whole(table(line.split(" ", -1)[1])));
            } else if (line.contains("TEMP B-TREE")) {
                ways.add(SORT);
            }
        }
        return new Plan(renamed(ways), String.join("\n", lines));
    }

    /** Replaces the generated names of indexes, since SQLite ignores the names of constraints. */
    private static Set<String> renamed(Set<String> ways) {
        return ways.stream()
                .map(way -> way.replace("sqlite_autoindex_keywright_key_1", primaryKey("keywright_key"))
                        .replace("sqlite_autoindex_keywright_key_2", "keywright_key_digest")
                        .replace("sqlite_autoindex_keywright_tenant_1", primaryKey("keywright_tenant"))
                        .replace("sqlite_autoindex_keywright_eviction_1", primaryKey("keywright_eviction"))
                        .replace("sqlite_autoindex_keywright_usage_1", primaryKey("keywright_usage")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Plan onMariaDb(Connection connection, String sql, Object... values) throws SQLException {
        Set<String> ways = new TreeSet<>();
        List<String> lines = rows(
                connection,
                "EXPLAIN " + sql,
                row -> {
                    String table = table(Objects.requireNonNullElse(row.getString("table"), ""));
                    String type = row.getString("type");
                    String key = row.getString("key");
                    String extra = Objects.requireNonNullElse(row.getString("Extra"), "");
                    if (key != null) {
                        ways.add(("index".equals(type) ? ALL_IN : "") + key.replace("PRIMARY", primaryKey(table)));
                    } else if ("ALL".equals(type)
                            && !table.startsWith("<")
                            && !"INSERT".equals(row.getString("select_type"))) {
                        ways.add(ALL_OF + table);
                    }
                    if (extra.contains("filesort") || extra.contains("temporary")) {
                        ways.add(SORT);
                    }
                    return String.join(" ", table, type, key, row.getString("rows"), extra);
                },
                values);
        return new Plan(ways, String.join("\n", lines));
    }

    private static Plan onH2(Connection connection, String sql, Object... values) throws SQLException {
        String text = String.join("\n", ask(connection, "EXPLAIN " + sql, values));
        Set<String> ways = new TreeSet<>();
        for (String index : found(INDEX_OF_H2, text)) {
            String table = ask(
                            connection, "SELECT table_name FROM information_schema.indexes WHERE index_name = ?", index)
                    .get(0)
                    .toLowerCase(Locale.ROOT);
            ways.add(index.toLowerCase(Locale.ROOT)
                    .replaceFirst("^primary_key.*", primaryKey(table))
                    .replaceFirst("_index_.*$", ""));
        }
        found(TABLE_OF_H2, text).forEach(table -> ways.add(ALL_OF + table.toLowerCase(Locale.ROOT)));
        if (text.contains("ORDER BY") && !text.contains("index sorted")) {
            ways.add(SORT);
        }
        return new Plan(ways, text);
    }

    /** Returns the table of an alias in the statements. */
    private static String table(String alias) {
        return switch (alias) {
            case "c" -> "keywright_coherence";
            case "k", "s" -> "keywright_key";
            case "m" -> "keywright_tenant";
            case "u" -> "keywright_usage";
            default -> alias;
        };
    }

    private static String primaryKey(String table) {
        return table + "_id";
    }

    /** Returns the first group of each match. */
    private static Set<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Set<String> all = new TreeSet<>();
        while (matcher.find()) {
            String first = matcher.group(1);
            all.add(first == null ? matcher.group(2) : first);
        }
        return all;
    }

    private static List<String> ask(Connection connection, String sql, Object... values) throws SQLException {
        return rows(connection, sql, row -> row.getString(1), values);
    }

    private static List<String> rows(
            Connection connection, String sql, StatementRunner.RowReader<String> reader, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.add(reader.read(rows));
                }
            }
            return lines;
        }
    }

    private static String list(Stream<String> parts) {
        String list = parts.collect(Collectors.joining(", "));
        return list.isEmpty() ? "" : "(" + list + ")";
    }

    /** Returns the type that the driver sends for a value. */
    private static String type(Object value) {
        if (value instanceof byte[]) {
            return "bytea";
        }
        return value instanceof Long ? "bigint" : value instanceof Integer ? "integer" : "varchar";
    }

    private static String literal(Object value) {
        if (value instanceof byte[] bytes) {
            return "'\\x" + HexFormat.of().formatHex(bytes) + "'";
        }
        return value instanceof String ? "'" + value + "'" : value.toString();
    }
}
