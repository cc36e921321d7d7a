package dev.keywright.spi;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What is stored in place of a key's text: 32 bytes, compared in constant time. It is not printed: who has it cannot make
 * the key of it, but can tell which key it belongs to.
 */
public final class Digest {

    /** How many bytes a digest has. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Makes a digest of its bytes.
     *
     * @param bytes the bytes; they are copied
     * @return the digest
     * @throws IllegalArgumentException if there are not 32 of them
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a digest has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new Digest(bytes.clone());
    }

    /** {@return a copy of the bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@return a placeholder} */
    @Override
    public String toString() {
        return "Digest[hidden]";
    }
}
