package dev.keywright.core;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The last four characters of a key, which depend on all that stand before them.
 *
 * <p>They are SipHash-2-4 (Aumasson and Bernstein, 2012) of the first 31 ASCII characters, as an unsigned number modulo
 * 36⁴, written in base 36 with the most significant digit first. Under a key that only the back end knows, a made-up text
 * passes once in 1.7 million times: floods of made-up keys do not reach the store.
 */
final class CheckCharacters {

    static final int LENGTH = 4;

    private static final int RADIX = 36;
    private static final long MODULUS = (long) RADIX * RADIX * RADIX * RADIX;

    private final KeyParameter key;

    /** Takes a key of 16 bytes, little-endian as SipHash has it. */
    CheckCharacters(byte[] key) {
        this.key = new KeyParameter(key);
    }

    /** {@return the check characters for the first 31 characters of a key} */
    String of(String body) {
        byte[] ascii = body.getBytes(StandardCharsets.US_ASCII);
        SipHash hash = new SipHash(2, 4);
        hash.init(key);
        hash.update(ascii, 0, ascii.length);
        // A leading digit of one beyond the four keeps the zeros in front.
        long number = MODULUS + Long.remainderUnsigned(hash.doFinal(), MODULUS);
        return Long.toString(number, RADIX).substring(1);
    }

    /** Whether a well-shaped key ends in the check characters that belong to it. */
    boolean fit(String text) {
        return text.endsWith(of(text.substring(0, KeyText.BODY)));
    }
}
