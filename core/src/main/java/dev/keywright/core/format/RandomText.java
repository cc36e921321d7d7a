package dev.keywright.core.format;

import java.security.SecureRandom;

/** Draws characters uniformly from {@code 0-9a-z}: 5.17 bits each. */
public final class RandomText {

    public static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

    /** The largest multiple of 36 in a byte: what lies at or above it would make the first characters likelier. */
    private static final int UNBIASED = 252;

    private final SecureRandom random;

    RandomText(SecureRandom random) {
        this.random = random;
    }

    /** {@return that many characters} */
    String draw(int length) {
        StringBuilder text = new StringBuilder(length);
        // One call for all the bytes that are probably needed: calls are what costs, not bytes.
        byte[] bytes = new byte[length + 4];
        while (text.length() < length) {
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length && text.length() < length; i++) {
                int number = Byte.toUnsignedInt(bytes[i]);
                if (number < UNBIASED) {
                    text.append(ALPHABET.charAt(number % ALPHABET.length()));
                }
            }
        }
        return text.toString();
    }
}
