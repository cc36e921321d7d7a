package dev.keywright.management;

import java.io.Serializable;

/**
 * Where a page of keys ended, for whoever asks for the next one. Opaque, and of use to the tenant alone that it was given
 * to: it is encrypted, and says nothing to others. It may stand in URLs.
 *
 * @param value 1 to 512 characters out of {@code 0-9 a-z A-Z _ -}
 */
public record PageCursor(String value) implements Serializable {

    private static final int LONGEST = 512;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text cannot be a cursor
     */
    public PageCursor {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(PageCursor::allowed)) {
            throw new IllegalArgumentException("cursor must be one that a page of this list ended with");
        }
    }

    /**
     * Makes a cursor of a text.
     *
     * @param value what a page ended with
     * @return the cursor
     * @throws IllegalArgumentException if the text cannot be a cursor
     */
    public static PageCursor of(String value) {
        return new PageCursor(value);
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
