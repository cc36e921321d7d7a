package dev.keywright;

import java.io.Serial;
import java.io.Serializable;

/**
 * The id by which a key is managed. Opaque, and not secret: it may appear in URLs and logs. Immutable.
 *
 * <p>{@link #of} applies the limit of a new id; {@link #stored} does not, so that a key stays readable after the limit has
 * changed.
 */
public final class KeyId implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 64;

    private final String value;

    private KeyId(String value) {
        this.value = value;
    }

    /**
     * Creates an id.
     *
     * @param value 1 to 64 characters out of {@code 0-9 a-z A-Z _ -}
     * @return the id
     * @throws IllegalArgumentException if the text is anything else
     */
    public static KeyId of(String value) {
        if (value.length() > MAX_LENGTH || !isMadeOfAllowed(value)) {
            throw new IllegalArgumentException(
                    "a key id must have 1 to " + MAX_LENGTH + " characters out of 0-9 a-z A-Z _ -");
        }
        return new KeyId(value);
    }

    /**
     * Creates an id as a store has read it, of any length. For stores only.
     *
     * @param value the text, out of the same characters, which are safe in a log
     * @return the id
     * @throws IllegalArgumentException if the text is empty, or has other characters
     */
    public static KeyId stored(String value) {
        if (!isMadeOfAllowed(value)) {
            throw new IllegalArgumentException(
                    "a stored key id must have one or more characters out of 0-9 a-z A-Z _ -");
        }
        return new KeyId(value);
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
        return other instanceof KeyId that && value.equals(that.value);
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

    private static boolean isMadeOfAllowed(String value) {
        return !value.isEmpty() && value.chars().allMatch(KeyId::allowed);
    }

    private static boolean allowed(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }
}
