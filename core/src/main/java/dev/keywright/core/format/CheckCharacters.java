package dev.keywright.core.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Computes the check characters: the last four characters of a key, which depend on all characters before them.
 *
 * <p>They are {@link SipHash} of the other ASCII characters, prefix included, as an unsigned number modulo 36⁴, in base 36 with
 * the most significant digit first. Under a key that only the back end knows, a made-up text passes once in 1.7 million times, so
 * that floods of made-up keys do not reach the store. Immutable and thread-safe.
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

    /** {@return the check characters for all other characters of a key} */
    public String of(String body) {
        // A fifth digit, which is then removed, keeps leading zeros.
        return Integer.toString(MODULUS + number(body, body.length()), RADIX).substring(1);
    }

    /** Whether a well-shaped text ends in the check characters of its other characters. */
    public boolean fit(String text) {
        int body = text.length() - LENGTH;
        int number = number(text, body);
        for (int i = text.length() - 1; i >= body; i--) {
            if (Character.forDigit(number % RADIX, RADIX) != text.charAt(i)) {
                return false;
            }
            number /= RADIX;
        }
        return true;
    }

    private int number(String text, int length) {
        SipHash hash = SipHash.of64Bits(key0, key1);
        int whole = length & -8;
        for (int from = 0; from < whole; from += 8) {
            hash.add(KeyText.word(text, from));
        }
        // The last zero to seven characters, without those before them. In two steps, since a shift by 64 is none.
        hash.addLast(KeyText.word(text, length - 8) >>> 8 >>> (56 - 8 * (length & 7)), length);
        return (int) Long.remainderUnsigned(hash.end64(), MODULUS);
    }
}
