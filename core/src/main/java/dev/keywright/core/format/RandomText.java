package dev.keywright.core.format;

import java.security.SecureRandom;

/** Generates uniformly distributed characters of {@code 0-9a-z}, of 5.17 bits each. Thread-safe if its source of randomness is. */
public final class RandomText {

    /** Alphabet of issued keys. */
    public static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

    /** Largest multiple of 36 in a byte: bytes at or above it would make the first characters more likely. */
    private static final int UNBIASED = 252;

    private final SecureRandom random;

    RandomText(SecureRandom random) {
        this.random = random;
    }

    /** {@return random characters} */
    String draw(int length) {
        StringBuilder text = new StringBuilder(length);
        // One call for as many bytes as are probably needed: calls are expensive, bytes are not.
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
