package dev.keywright.core.format;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Format of the texts of issued keys: a prefix, 28 random characters of {@code 0-9a-z}, and 4 check characters, which are also the
 * hint of a key. Immutable and thread-safe.
 */
public final class KeyTextFormat {

    private final String prefix;
    private final @Nullable String environment;
    private final int number;
    private final int length;
    private final Pattern pattern;

    /**
     * Creates a format.
     *
     * @param prefix the prefix, at least 2 characters of {@code a-z0-9_}, the last of them {@code _}
     * @param environment the environment of its keys; null if there is none
     */
    public KeyTextFormat(String prefix, @Nullable String environment) {
        this(prefix, environment, 0);
    }

    private KeyTextFormat(String prefix, @Nullable String environment, int number) {
        this.prefix = prefix;
        this.environment = environment;
        this.number = number;
        this.length = prefix.length() + KeyText.SECRET;
        this.pattern = Pattern.compile(regularExpression());
    }

    /** {@return a copy of this format with a number among the formats of a host} */
    KeyTextFormat numbered(int place) {
        return new KeyTextFormat(prefix, environment, place);
    }

    /** {@return the number of the format among those of the host, from 0} */
    public int number() {
        return number;
    }

    /** {@return the prefix} */
    public String prefix() {
        return prefix;
    }

    /** {@return the environment of the keys; empty if there is none} */
    public Optional<String> environment() {
        return Optional.ofNullable(environment);
    }

    /** {@return the regular expression of the texts} */
    public String regularExpression() {
        return prefix + "[0-9a-z]{" + KeyText.SECRET + "}";
    }

    /** {@return the number of characters of a text} */
    int length() {
        return length;
    }

    /** Whether a text has the length and prefix of this format. */
    boolean hasLengthAndPrefix(String text) {
        return text.length() == length && text.startsWith(prefix);
    }

    /** Whether a text has the length, prefix and alphabet of this format; check characters are not verified. */
    boolean isWellShaped(String text) {
        return hasLengthAndPrefix(text) && KeyText.areDigits(text);
    }

    /** {@return all parts of a text that look like a key of this format, which cannot overlap} */
    Stream<KeyText.Span> spansIn(String text) {
        return pattern.matcher(text).results().map(found -> new KeyText.Span(found.start(), found.end()));
    }
}
