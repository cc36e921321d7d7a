package dev.keywright.core.format;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Formats of the keys that a host issues, of which no prefix begins another. Immutable and thread-safe. */
public final class KeyTextFormats {

    /** Number of slots for each format, so that two formats rarely share one. */
    private static final int SPARSENESS = 8;

    private final KeyTextFormat[] formats;

    /**
     * Hash table of the formats, by the length of their texts and the character before the final underscore of their prefixes; with
     * linear probing. A loop over all formats would mispredict a branch in most verifications of a host that uses several in turns.
     */
    private final @Nullable KeyTextFormat[] slots;

    private KeyTextFormats(KeyTextFormat[] formats) {
        this.formats = formats;
        this.slots = new KeyTextFormat[Integer.highestOneBit(SPARSENESS * formats.length)];
        for (KeyTextFormat format : formats) {
            int at = home(format.prefix(), format.length());
            while (slots[at] != null) {
                at = next(at);
            }
            slots[at] = format;
        }
    }

    /**
     * {@return formats in the order in which they are preferred}
     *
     * @throws IllegalArgumentException if a prefix is that of another format, or begins it
     */
    public static KeyTextFormats of(List<KeyTextFormat> formats) {
        KeyTextFormat[] numbered = new KeyTextFormat[formats.size()];
        for (int i = 0; i < numbered.length; i++) {
            numbered[i] = formats.get(i).numbered(i);
            for (int j = 0; j < i; j++) {
                requireDistinct(numbered[j].prefix(), numbered[i].prefix());
            }
        }
        return new KeyTextFormats(numbered);
    }

    private static void requireDistinct(String one, String other) {
        if (one.equals(other)) {
            throw new IllegalArgumentException("two key formats must not have the same prefix, " + one);
        }
        if (one.startsWith(other) || other.startsWith(one)) {
            boolean shorter = one.length() < other.length();
            throw new IllegalArgumentException("the prefix of a key format must not begin that of another, as "
                    + (shorter ? one : other) + " begins " + (shorter ? other : one));
        }
    }

    /** {@return the format whose length and prefix a text has; null if there is none} */
    public @Nullable KeyTextFormat of(String text) {
        int length = text.length();
        if (length < KeyText.MIN_LENGTH) {
            return null;
        }
        int at = home(text, length);
        KeyTextFormat format = slots[at];
        while (format != null && !format.hasLengthAndPrefix(text)) {
            at = next(at);
            format = slots[at];
        }
        return format;
    }

    /** {@return the first slot for texts of a length and a prefix; uses the character before the final underscore} */
    private int home(String prefixed, int length) {
        return (prefixed.charAt(length - KeyText.SECRET - 2) + length) & (slots.length - 1);
    }

    private int next(int at) {
        return (at + 1) & (slots.length - 1);
    }

    /** Whether a text has the shape of one of the formats. */
    public boolean matches(String text) {
        return of(text) != null && KeyText.areDigits(text);
    }

    /** Whether a token begins like a key of one of the formats. */
    public boolean recognizes(String token) {
        for (KeyTextFormat format : formats) {
            if (token.startsWith(format.prefix())) {
                return true;
            }
        }
        return false;
    }

    /** {@return all formats, the preferred one first} */
    public List<KeyTextFormat> all() {
        return List.of(formats);
    }

    /** {@return the format with a prefix; empty if there is none} */
    public Optional<KeyTextFormat> withPrefix(String prefix) {
        return Arrays.stream(formats).filter(f -> f.prefix().equals(prefix)).findFirst();
    }

    /** {@return the first format with an environment; empty if there is none} */
    public Optional<KeyTextFormat> ofEnvironment(String environment) {
        return Arrays.stream(formats)
                .filter(f -> f.environment().filter(environment::equals).isPresent())
                .findFirst();
    }

    /** {@return all parts of a text that look like a key of one of the formats} Parts of different formats may overlap. */
    public Stream<KeyText.Span> spansIn(String text) {
        return Arrays.stream(formats).flatMap(format -> format.spansIn(text));
    }
}
