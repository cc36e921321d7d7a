package dev.keywright;

import java.io.Serializable;

/**
 * Whom a key belongs to: exactly one tenant, for example a school district.
 *
 * <p>Compared character by character: case, accents and blanks all count.
 *
 * @param value 1 to 128 characters, not blank, without control characters
 */
public record TenantId(String value) implements Serializable {

    private static final int LONGEST = 128;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public TenantId {
        Text.require("a tenant id", value, LONGEST);
    }

    /**
     * Makes one of a text.
     *
     * @param value 1 to 128 characters, not blank, without control characters
     * @return the value
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public static TenantId of(String value) {
        return new TenantId(value);
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }
}
