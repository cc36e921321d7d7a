package dev.keywright;

import java.io.Serializable;

/**
 * What people call a key, for example {@code Reporting Script}. Two keys may have the same name.
 *
 * @param value 1 to 100 characters in any script, not blank, without control characters
 */
public record KeyName(String value) implements Serializable {

    private static final int LONGEST = 100;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws InvalidRequest for the field {@code name}, if the text is blank, longer than 100 characters, or has control
     *     characters, line breaks, marks that override the direction of text, or lone surrogates
     */
    public KeyName {
        Text.problem(value, LONGEST).ifPresent(rule -> {
            throw new InvalidRequest("name", rule);
        });
    }

    /**
     * Makes a name of a text.
     *
     * @param value 1 to 100 characters in any script, not blank, without control characters
     * @return the name
     * @throws InvalidRequest for the field {@code name}, if the text breaks these rules
     */
    public static KeyName of(String value) {
        return new KeyName(value);
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }
}
