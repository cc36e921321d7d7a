package dev.keywright.core.format;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012), of 64 or of 128 bits: one message, word by word. Its own, and not the library's,
 * since each verification needs it: the library's takes bytes one by one, and an array for the result. Used by one thread, in one
 * method, so that it costs no memory.
 */
public final class SipHash {

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long key0, long key1, long mark) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ mark;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    static SipHash of64Bits(long key0, long key1) {
        return new SipHash(key0, key1, 0);
    }

    public static SipHash of128Bits(long key0, long key1) {
        return new SipHash(key0, key1, 0xee);
    }

    /** The next eight bytes of the message, the first of them lowest. */
    public void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    /** The last bytes of the message, fewer than eight, and how many there were of it. */
    public void addLast(long word, int length) {
        add(word | ((long) length << 56));
    }

    /** {@return the hash of 64 bits} */
    long end64() {
        v2 ^= 0xff;
        return half();
    }

    /** {@return the first half of the hash of 128 bits, after which comes {@link #end128High}} */
    public long end128Low() {
        v2 ^= 0xee;
        return half();
    }

    /** {@return the second half} */
    public long end128High() {
        v1 ^= 0xdd;
        return half();
    }

    private long half() {
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
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
