package dev.keywright;

import java.io.Serializable;

/**
 * The name by which a key is managed. Opaque, and no secret: it may stand in URLs and logs.
 *
 * @param value 1 to 64 characters out of {@code 0-9 a-z A-Z _ -}
 */
public record KeyId(String value) implements Serializable {

    private static final int LONGEST = 64;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is not 1 to 64 characters out of {@code 0-9 a-z A-Z _ -}
     */
    public KeyId {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(KeyId::allowed)) {
            throw new IllegalArgumentException("a key id is 1 to " + LONGEST + " characters out of 0-9 a-z A-Z _ -");
        }
    }

    /**
     * Makes an id of a text.
     *
     * @param value 1 to 64 characters out of {@code 0-9 a-z A-Z _ -}
     * @return the id
     * @throws IllegalArgumentException if the text is anything else
     */
    public static KeyId of(String value) {
        return new KeyId(value);
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }

    private static boolean allowed(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }
}
