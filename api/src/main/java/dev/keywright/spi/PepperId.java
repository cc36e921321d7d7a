package dev.keywright.spi;

/**
 * Tells which pepper a key's digest was made with. No secret: it is derived from the pepper one way.
 *
 * @param value 1 to 32 characters out of {@code 0-9 a-z}
 */
public record PepperId(String value) {

    private static final int LONGEST = 32;

    /**
     * Checks the text.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is not 1 to 32 characters out of {@code 0-9 a-z}
     */
    public PepperId {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(PepperId::allowed)) {
            throw new IllegalArgumentException("a pepper id is 1 to " + LONGEST + " characters out of 0-9 a-z");
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
