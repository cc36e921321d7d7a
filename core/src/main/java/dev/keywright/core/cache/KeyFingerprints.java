package dev.keywright.core.cache;

import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.format.SipHash;
import java.security.SecureRandom;

/**
 * Computes fingerprints of the texts of keys: 128 bits of {@link SipHash} under random keys that never leave the process. A
 * fingerprint is a MAC, not a plain hash: a client cannot find two texts with the same fingerprint, and the texts need not be kept.
 *
 * <p>For a text of the shape of an issued key, the fingerprint covers the part after the prefix and the number of the format; for any
 * other text it covers the whole text, under another key. Immutable and thread-safe.
 */
final class KeyFingerprints {

    private final KeyTextFormats formats;
    private final long issued0;
    private final long issued1;
    private final long other0;
    private final long other1;

    /** 128-bit fingerprint, of which all bits are compared. */
    record Fingerprint(long low, long high) {}

    KeyFingerprints(KeyTextFormats formats, long issued0, long issued1, long other0, long other1) {
        this.formats = formats;
        this.issued0 = issued0;
        this.issued1 = issued1;
        this.other0 = other0;
        this.other1 = other1;
    }

    static KeyFingerprints random(KeyTextFormats formats, SecureRandom random) {
        return new KeyFingerprints(formats, random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** {@return the fingerprint of a text of the shape of an issued key} The {@linkplain KeyText#word words} follow its prefix. */
    Fingerprint ofIssued(KeyTextFormat format, long first, long second, long third, long fourth) {
        SipHash hash = SipHash.of128Bits(issued0, issued1);
        hash.add(first);
        hash.add(second);
        hash.add(third);
        hash.add(fourth);
        hash.addLast(format.number(), KeyText.SECRET + 1);
        return new Fingerprint(hash.end128Low(), hash.end128High());
    }

    /** {@return the fingerprint of an ASCII text} */
    Fingerprint of(String text) {
        KeyTextFormat format = formats.of(text);
        if (format != null) {
            int from = text.length() - KeyText.SECRET;
            long first = KeyText.word(text, from);
            long second = KeyText.word(text, from + 8);
            long third = KeyText.word(text, from + 16);
            long fourth = KeyText.word(text, from + 24);
            if (KeyText.areDigits(first, second, third, fourth)) {
                return ofIssued(format, first, second, third, fourth);
            }
        }
        SipHash hash = SipHash.of128Bits(other0, other1);
        int whole = text.length() & -8;
        for (int from = 0; from < whole; from += 8) {
            hash.add(KeyText.word(text, from));
        }
        long last = 0;
        for (int i = text.length() - 1; i >= whole; i--) {
            last = (last << 8) | text.charAt(i);
        }
        hash.addLast(last, text.length());
        return new Fingerprint(hash.end128Low(), hash.end128High());
    }
}
