package dev.keywright.jdbc;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The statements, on tables of which the host has chosen the prefix. */
final class Statements {

    private final String prefix;
    private final Map<Sql, String> texts = new EnumMap<>(Sql.class);

    Statements(String prefix) {
        this.prefix = prefix;
        for (Sql sql : Sql.values()) {
            texts.put(sql, prefixed(sql.text()));
        }
    }

    String text(Sql sql) {
        return Objects.requireNonNull(texts.get(sql));
    }

    /** A text in which names begin with {@code keywright_}, with those names as they are in this database. */
    String prefixed(String text) {
        return text.replace(JdbcOptions.TABLE_PREFIX, prefix);
    }
}
