package dev.keywright.core.format;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of one message, word by word, with 64 or 128 bits. Not that of Bouncy Castle, since
 * each verification computes it: that one takes bytes one by one, and allocates an array for the result. An instance that does not
 * leave its method is not allocated, thanks to escape analysis. Not thread-safe.
 */
public final class SipHash {

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long key0, long key1, long variant) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ variant;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    static SipHash of64Bits(long key0, long key1) {
        return new SipHash(key0, key1, 0);
    }

    /** {@return a hash of 128 bits under a key} */
    public static SipHash of128Bits(long key0, long key1) {
        return new SipHash(key0, key1, 0xee);
    }

    /** Adds the next eight bytes of the message, the first in the lowest byte. */
    public void add(long word) {
        v3 ^= word;
        twoRounds();
        v0 ^= word;
    }

    /** Adds the last bytes of the message, fewer than eight, and the length of the message. */
    public void addLast(long word, int length) {
        add(word | ((long) length << 56));
    }

    /** {@return the hash of 64 bits} */
    long end64() {
        v2 ^= 0xff;
        return half();
    }

    /** {@return the lower half of the hash of 128 bits} To be called before {@link #end128High}. */
    public long end128Low() {
        v2 ^= 0xee;
        return half();
    }

    /** {@return the upper half of the hash of 128 bits} */
    public long end128High() {
        v1 ^= 0xdd;
        return half();
    }

    private long half() {
        twoRounds();
        twoRounds();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** A loop, which the compiler unrolls: with each round written out, a verification would be too large to be inlined. */
    private void twoRounds() {
        for (int i = 0; i < 2; i++) {
            round();
        }
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
