package dev.keywright.spi;

/**
 * Tells which pepper a key's digest was made with. No secret: it is derived from the pepper one way.
 *
 * @param value characters out of {@code 0-9 a-z}, at least one; at most 32 where it is written
 */
public record PepperId(String value) {

    /**
     * Takes the text as it was derived, or as a store has read it: of any length, so that a key stays readable after the
     * limit has changed.
     *
     * @param value the text
     * @throws IllegalArgumentException if the text is empty, or has characters other than {@code 0-9 a-z}
     */
    public PepperId {
        if (value.isEmpty() || !value.chars().allMatch(PepperId::allowed)) {
            throw new IllegalArgumentException("a pepper id is characters out of 0-9 a-z");
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
