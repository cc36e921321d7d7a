package dev.keywright.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The formats of keys that were not issued here, none of whose prefixes begins another one. */
final class KeyFormats {

    static final KeyFormats NONE = new KeyFormats(List.of());

    private final List<KeyFormat> formats;

    private KeyFormats(List<KeyFormat> formats) {
        this.formats = List.copyOf(formats);
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
        List<KeyFormat> more = new ArrayList<>(formats);
        more.add(format);
        return new KeyFormats(more);
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
        return formats.stream().filter(f -> f.prefix().equals(prefix)).findFirst();
    }

    /** Whether something that looks like a key of one of the formats stands anywhere in a text. */
    boolean isIn(String text) {
        return formats.stream().anyMatch(format -> format.isIn(text));
    }
}
