package dev.keywright.core.event;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import dev.keywright.core.format.KeyText;
import java.util.Locale;
import java.util.PrimitiveIterator;

/**
 * A line of the log: {@code name=value} pairs in an order that stays. What people have chosen is quoted as JSON quotes it,
 * and with it whatever does not show or turns the text around it, so that nobody can forge a line or a field. Letters of
 * all scripts stay as they are. Not safe for many threads.
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

    /** The beginning of all lines that are about one key. */
    static LogLine of(String event, ApiKey key) {
        return of(event, key.tenant())
                .plain("key", key.id())
                .text("name", key.name())
                .text("hint", key.hint());
    }

    /** Adds what can have no blank or quote in it, by its type. */
    LogLine plain(String name, Object value) {
        line.append(' ').append(name).append('=').append(value);
        return this;
    }

    /** Adds a text that may have anything in it. */
    LogLine text(String name, Object value) {
        line.append(' ').append(name).append("=\"");
        String text = value.toString();
        if (KeyText.isIn(text)) {
            // It was refused wherever people fill in fields; but users' and tenants' names are the host's to choose.
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
            } else if (shows(point)) {
                line.appendCodePoint(point);
            } else {
                for (char half : Character.toChars(point)) {
                    line.append(String.format(Locale.ROOT, "\\u%04X", (int) half));
                }
            }
        }
    }

    private static boolean shows(int point) {
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
