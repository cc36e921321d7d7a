package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serial;
import java.io.Serializable;

/**
 * The name that people give a key, for example {@code Reporting Script}. Two keys may have the same name. Immutable.
 *
 * <p>{@link #of} applies the rules of a new name. {@link #stored} does not: a name stays readable after the rules, or the
 * Unicode version of the JDK, have changed.
 */
public final class KeyName implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 100;

    private final String value;

    private KeyName(String value) {
        this.value = value;
    }

    /**
     * Creates a name for a key that is to be issued or renamed.
     *
     * @param value 1 to 100 characters in any script, not blank, without control characters
     * @return the name
     * @throws IllegalArgumentException if the text is blank, longer than 100 characters, or has control
     *     characters, line breaks, marks that override the direction of text, or lone surrogates
     */
    public static KeyName of(String value) {
        Text.require("name", value, MAX_LENGTH);
        return new KeyName(value);
    }

    /**
     * Creates a name as a store has read it, without the rules of {@link #of}. For stores only.
     *
     * @param value the text
     * @return the name
     * @throws IllegalArgumentException if the text is empty
     */
    public static KeyName stored(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a stored name must not be empty");
        }
        return new KeyName(value);
    }

    /** Applies the rules of {@link #stored} to a deserialized value. */
    @Serial
    private Object readResolve() {
        return stored(value);
    }

    /** {@return the text itself} */
    public String value() {
        return value;
    }

    /**
     * {@return the name as searches and lists compare it} That is Unicode normalization form KC, each code point in upper case and
     * then in lower case, without the rules of a language: {@code ACME}, {@code acme} and the full-width {@code \uFF21\uFF23\uFF2D\uFF25}
     * are equal, and so are the two forms of a small sigma; {@code e} and {@code é} are not. A folded name of more than 400 bytes in
     * UTF-8, which needs characters that stand for several others, is cut.
     */
    public String folded() {
        return Text.folded(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyName that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }
}
