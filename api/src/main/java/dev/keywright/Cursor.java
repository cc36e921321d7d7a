package dev.keywright;

import java.io.Serializable;

/**
 * Where a page of keys ended, for whoever asks for the next one. Opaque, and of use to the tenant alone that it was given
 * to: it is encrypted, and says nothing to others. It may stand in URLs.
 *
 * @param value 1 to 512 characters out of {@code 0-9 a-z A-Z _ -}
 */
public record Cursor(String value) implements Serializable {

    private static final int LONGEST = 512;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws InvalidRequest for the field {@code cursor}, if the text cannot be a cursor
     */
    public Cursor {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(Cursor::allowed)) {
            throw new InvalidRequest("cursor", "must be one that a page of this list ended with");
        }
    }

    /**
     * Makes a cursor of a text.
     *
     * @param value what a page ended with
     * @return the cursor
     * @throws InvalidRequest for the field {@code cursor}, if the text cannot be a cursor
     */
    public static Cursor of(String value) {
        return new Cursor(value);
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
