package dev.keywright.spi;

/**
 * Identifies the pepper of a digest. Not secret: derived from the pepper by a one-way function.
 *
 * @param value 1 to 32 characters of {@code 0-9 a-z}; a stored one may be longer
 */
public record PepperId(String value) {

    /**
     * Checks the characters, but not the length: a key stays readable after the limit has changed.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is empty, or has characters other than {@code 0-9 a-z}
     */
    public PepperId {
        if (value.isEmpty() || !value.chars().allMatch(PepperId::allowed)) {
            throw new IllegalArgumentException("pepper id must have one or more characters of 0-9 a-z");
        }
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }

    private static boolean allowed(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    }
}
