package dev.keywright;

import java.io.Serializable;

/**
 * One thing that a key may do, for example {@code read:people}. Scopes are exact: none includes another.
 *
 * @param value 1 to 64 characters of the scope-token syntax of RFC 6749, section 3.3: visible ASCII without {@code "} and
 *     {@code \}
 */
public record Scope(String value) implements Serializable {

    private static final int LONGEST = 64;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws InvalidRequest for the field {@code scopes}, if the text is not a scope token of at most 64 characters
     */
    public Scope {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(Scope::allowed)) {
            throw new InvalidRequest(
                    "scopes",
                    "must name each scope in 1 to " + LONGEST
                            + " visible ASCII characters, without blanks, quotes and back slashes");
        }
    }

    /**
     * Makes a scope of a text.
     *
     * @param value 1 to 64 visible ASCII characters without {@code "} and {@code \}
     * @return the scope
     * @throws InvalidRequest for the field {@code scopes}, if the text is anything else
     */
    public static Scope of(String value) {
        return new Scope(value);
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
