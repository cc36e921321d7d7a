package dev.keywright.core;

import java.security.SecureRandom;

/**
 * Names the texts of keys, for the time that this process lives: 128 bits of SipHash-2-4 (Aumasson and Bernstein, 2012) under a
 * random key that never leaves it. The name is a MAC, not a hash: nobody outside can find two texts of one name, and the texts
 * themselves need not be kept.
 */
final class TextNames {

    private final long key0;
    private final long key1;

    /** A name; all of its bits are compared. */
    record Name(long low, long high) {

        @Override
        public int hashCode() {
            // Already as good as random.
            return (int) low;
        }
    }

    TextNames(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    static TextNames drawnFrom(SecureRandom random) {
        return new TextNames(random.nextLong(), random.nextLong());
    }

    /** Names a text that consists of ASCII characters. */
    Name of(String text) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int length = text.length();
        int words = length >> 3;
        for (int i = 0; i <= words; i++) {
            long word = i < words ? word(text, i * 8, 8) : word(text, i * 8, length & 7) | (long) length << 56;
            v3 ^= word;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        v2 ^= 0xee;
        long low = 0;
        for (int half = 0; half < 2; half++) {
            for (int round = 0; round < 4; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            if (half == 0) {
                low = v0 ^ v1 ^ v2 ^ v3;
                v1 ^= 0xdd;
            }
        }
        return new Name(low, v0 ^ v1 ^ v2 ^ v3);
    }

    /** So many characters as one number, the first of them last. */
    private static long word(String text, int from, int count) {
        long word = 0;
        for (int i = 0; i < count; i++) {
            word |= (long) text.charAt(from + i) << (8 * i);
        }
        return word;
    }
}
