package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serializable;

/**
 * The id of a person in the host application.
 *
 * <p>Compared character by character: case, accents and blanks all count.
 *
 * @param value 1 to 128 characters, not blank, without control characters
 */
public record UserId(String value) implements Serializable {

    private static final int MAX_LENGTH = 128;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public UserId {
        Text.require("a user id", value, MAX_LENGTH);
    }

    /**
     * Creates an id.
     *
     * @param value 1 to 128 characters, not blank, without control characters
     * @return the id
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public static UserId of(String value) {
        return new UserId(value);
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }
}
