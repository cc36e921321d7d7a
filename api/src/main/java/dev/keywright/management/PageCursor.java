package dev.keywright.management;

import java.io.Serializable;

/**
 * Position in a list of keys, at which the next page starts. Opaque and encrypted; valid only for the tenant, the
 * filters and the order of the list that it was issued for. Safe in URLs.
 *
 * @param value 1 to 600 characters out of {@code 0-9 a-z A-Z _ -}
 */
public record PageCursor(String value) implements Serializable {

    private static final int MAX_LENGTH = 600;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text cannot be a cursor
     */
    public PageCursor {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !value.chars().allMatch(PageCursor::allowed)) {
            throw new IllegalArgumentException("cursor must be one that a page of this list ended with");
        }
    }

    /**
     * Creates a cursor.
     *
     * @param value the text of a cursor
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
