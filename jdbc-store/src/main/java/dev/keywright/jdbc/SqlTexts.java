package dev.keywright.jdbc;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Texts of the statements, with the table prefix that the host has chosen. Immutable. */
final class SqlTexts {

    private final String prefix;
    private final Map<Sql, String> texts = new EnumMap<>(Sql.class);

    SqlTexts(String prefix) {
        this.prefix = prefix;
        for (Sql sql : Sql.values()) {
            texts.put(sql, prefixed(sql.text()));
        }
    }

    String text(Sql sql) {
        return Objects.requireNonNull(texts.get(sql));
    }

    /** Replaces the default prefix {@code keywright_} of every name in a text by the chosen prefix. */
    String prefixed(String text) {
        return text.replace(JdbcOptions.TABLE_PREFIX, prefix);
    }
}
