package dev.keywright.core;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats of keys that were not issued here, none of whose prefixes begins another one. */
final class KeyFormats {

    static final KeyFormats NONE = new KeyFormats(new KeyFormat[0]);

    /** An array: whatever is presented and is no key goes through it, and the iterator of a list takes memory each time. */
    private final KeyFormat[] formats;

    private KeyFormats(KeyFormat[] formats) {
        this.formats = formats;
    }

    /**
     * {@return these and one more}
     *
     * @throws IllegalArgumentException if the prefix of the one begins that of another
     */
    KeyFormats and(KeyFormat format) {
        for (KeyFormat other : formats) {
            if (other.prefix().startsWith(format.prefix()) || format.prefix().startsWith(other.prefix())) {
                throw new IllegalArgumentException("keys that begin with " + other.prefix() + " and with "
                        + format.prefix() + " cannot be told apart");
            }
        }
        return new KeyFormats(
                Stream.concat(Arrays.stream(formats), Stream.of(format)).toArray(KeyFormat[]::new));
    }

    /** Whether a text begins as a key of one of the formats does. */
    boolean claim(String text) {
        for (KeyFormat format : formats) {
            if (text.startsWith(format.prefix())) {
                return true;
            }
        }
        return false;
    }

    /** {@return the format that a text has} */
    Optional<KeyFormat> of(String text) {
        for (KeyFormat format : formats) {
            if (format.isWellShaped(text)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** {@return the format with a prefix} */
    Optional<KeyFormat> prefixed(String prefix) {
        return Arrays.stream(formats).filter(f -> f.prefix().equals(prefix)).findFirst();
    }

    /** {@return all characters of a text that look like a key of one of the formats} */
    Stream<KeyText.Span> spansIn(String text) {
        return Arrays.stream(formats).flatMap(format -> format.spansIn(text));
    }
}
