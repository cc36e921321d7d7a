package dev.keywright;

import java.io.Serial;
import java.io.Serializable;

/**
 * One thing that a key may do, for example {@code read:people}. Scopes are exact: none includes another. Immutable.
 *
 * <p>{@link #of} applies the rules of a new scope; {@link #stored} does not, so that a scope stays readable after the rules
 * have changed.
 */
public final class Scope implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 64;

    private final String value;

    private Scope(String value) {
        this.value = value;
    }

    /**
     * Creates a scope.
     *
     * @param value 1 to 64 characters of the scope-token syntax of RFC 6749, section 3.3: visible ASCII without {@code "}
     *     and {@code \}
     * @return the scope
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Scope of(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !value.chars().allMatch(Scope::allowed)) {
            throw new IllegalArgumentException("scopes must name each scope in 1 to " + MAX_LENGTH
                    + " visible ASCII characters, without blanks, quotes and back slashes");
        }
        return new Scope(value);
    }

    /**
     * Creates a scope as a store has read it, without the rules of {@link #of}. For stores only.
     *
     * @param value the text
     * @return the scope
     * @throws IllegalArgumentException if the text is empty or has a blank, which separates scopes
     */
    public static Scope stored(String value) {
        if (value.isEmpty() || value.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("a stored scope must not be empty or contain a blank");
        }
        return new Scope(value);
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

    @Override
    public boolean equals(Object other) {
        return other instanceof Scope that && value.equals(that.value);
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

    private static boolean allowed(int c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
