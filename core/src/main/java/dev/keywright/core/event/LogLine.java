package dev.keywright.core.event;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import dev.keywright.core.format.KeyText;
import java.util.Locale;
import java.util.PrimitiveIterator;

/**
 * Log line of {@code name=value} pairs in a fixed order. Text from users is quoted like a JSON string; invisible characters and
 * bidirectional controls are escaped, so that a user can forge neither a line nor a field. Letters of all scripts
 * stay as they are. Not thread-safe.
 */
final class LogLine {

    private final StringBuilder line = new StringBuilder();

    private LogLine(String event) {
        line.append("event=").append(event);
    }

    static LogLine of(String event) {
        return new LogLine(event);
    }

    static LogLine of(String event, TenantId tenant) {
        return of(event).text("tenant", tenant);
    }

    /** {@return the start of a line about one key} */
    static LogLine of(String event, ApiKey key) {
        return of(event, key.tenant())
                .plain("key", key.id())
                .text("name", key.name())
                .text("hint", key.hint());
    }

    /** Adds a value whose type allows neither blanks nor quotes. */
    LogLine plain(String name, Object value) {
        line.append(' ').append(name).append('=').append(value);
        return this;
    }

    /** Adds an arbitrary text. */
    LogLine text(String name, Object value) {
        line.append(' ').append(name).append("=\"");
        String text = value.toString();
        if (KeyText.isIn(text)) {
            // Keys are refused in the fields of requests, but the host chooses the ids of users and tenants.
            line.append("[has an API key in it]");
        } else {
            escape(text);
        }
        line.append('"');
        return this;
    }

    private void escape(String text) {
        for (PrimitiveIterator.OfInt points = text.codePoints().iterator(); points.hasNext(); ) {
            int point = points.nextInt();
            if (point == '"' || point == '\\') {
                line.append('\\').append((char) point);
            } else if (isVisible(point)) {
                line.appendCodePoint(point);
            } else {
                for (char half : Character.toChars(point)) {
                    line.append(String.format(Locale.ROOT, "\\u%04X", (int) half));
                }
            }
        }
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
