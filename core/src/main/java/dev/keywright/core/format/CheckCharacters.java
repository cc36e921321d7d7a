package dev.keywright.core.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Computes the check characters: the last four characters of a key, which depend on all characters before them.
 *
 * <p>They are {@link SipHash} of the first 31 ASCII characters, as an unsigned number modulo 36⁴, in base 36 with the most significant
 * digit first. Under a key that only the back end knows, a made-up text passes once in 1.7 million times, so that floods of made-up
 * keys do not reach the store. Immutable and thread-safe.
 */
public final class CheckCharacters {

    static final int LENGTH = 4;

    private static final int RADIX = 36;
    private static final int MODULUS = RADIX * RADIX * RADIX * RADIX;

    private final long key0;
    private final long key1;

    /** Creates check characters under a key of 16 bytes, which SipHash reads as little-endian. */
    public CheckCharacters(byte[] key) {
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        this.key0 = words.getLong();
        this.key1 = words.getLong();
    }

    /** {@return the check characters for the first 31 characters of a key} */
    public String of(String body) {
        // A fifth digit, which is then removed, keeps leading zeros.
        return Integer.toString(MODULUS + number(body), RADIX).substring(1);
    }

    /** Whether a well-shaped text ends in the check characters of its other characters. */
    public boolean fit(String text) {
        int number = number(text);
        for (int i = KeyText.LENGTH - 1; i >= KeyText.BODY; i--) {
            if (Character.forDigit(number % RADIX, RADIX) != text.charAt(i)) {
                return false;
            }
            number /= RADIX;
        }
        return true;
    }

    private int number(String text) {
        SipHash hash = SipHash.of64Bits(key0, key1);
        hash.add(KeyText.word(text, 0));
        hash.add(KeyText.word(text, 8));
        hash.add(KeyText.word(text, 16));
        // The last seven characters, without the one before them.
        hash.addLast(KeyText.word(text, 23) >>> 8, KeyText.BODY);
        return (int) Long.remainderUnsigned(hash.end64(), MODULUS);
    }
}
