package dev.keywright.core.cache;

import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.SipHash;
import java.security.SecureRandom;

/**
 * Names the texts of keys, for the time that this process lives: 128 bits of {@link SipHash} under random keys that never leave
 * it. The name is a MAC, not a hash: nobody outside can find two texts of one name, and the texts themselves need not be kept.
 *
 * <p>Texts that have the shape of our own keys are named by what stands behind their prefix, and under one key; all others as
 * they are, under another.
 */
public final class KeyFingerprints {

    private final long issued0;
    private final long issued1;
    private final long other0;
    private final long other1;

    /** A name; all of its bits are compared. */
    public record Fingerprint(long low, long high) {}

    KeyFingerprints(long issued0, long issued1, long other0, long other1) {
        this.issued0 = issued0;
        this.issued1 = issued1;
        this.other0 = other0;
        this.other1 = other1;
    }

    static KeyFingerprints drawnFrom(SecureRandom random) {
        return new KeyFingerprints(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** Names a text that has the shape of one of our keys, by the {@linkplain KeyText#word words} behind its prefix. */
    Fingerprint ofIssued(long first, long second, long third, long fourth) {
        SipHash hash = SipHash.of128Bits(issued0, issued1);
        hash.add(first);
        hash.add(second);
        hash.add(third);
        hash.add(fourth);
        hash.addLast(0, KeyText.LENGTH - KeyText.PREFIX.length());
        return new Fingerprint(hash.end128Low(), hash.end128High());
    }

    /** Names a text that consists of ASCII characters. */
    Fingerprint of(String text) {
        if (KeyText.isWellShaped(text)) {
            return ofIssued(
                    KeyText.word(text, 3), KeyText.word(text, 11), KeyText.word(text, 19), KeyText.word(text, 27));
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
