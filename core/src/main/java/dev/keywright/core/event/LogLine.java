package dev.keywright.core.event;

import java.util.Locale;
import java.util.PrimitiveIterator;
import java.util.function.Predicate;

/**
 * Log line of {@code name=value} pairs in a fixed order. Text from users is quoted like a JSON string; invisible characters and
 * bidirectional controls are escaped, so that a user can forge neither a line nor a field. Letters of all scripts
 * stay as they are. Not thread-safe.
 */
final class LogLine {

    private final StringBuilder line = new StringBuilder();

    private final Predicate<String> isKeyIn;

    /**
     * Starts a line.
     *
     * @param event the name of the event
     * @param isKeyIn whether a text contains the text of a key, so that it must not be in the log
     */
    LogLine(String event, Predicate<String> isKeyIn) {
        this.isKeyIn = isKeyIn;
        line.append("event=").append(event);
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
        if (isKeyIn.test(text)) {
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
