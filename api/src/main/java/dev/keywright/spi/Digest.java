package dev.keywright.spi;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Digest of a key's text, which is stored in its place: 32 bytes, compared in constant time. {@code toString} hides it: a digest
 * does not reveal the key, but identifies it.
 */
public final class Digest {

    /** The length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Creates a digest.
     *
     * @param bytes 32 bytes; copied
     * @return the digest
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("digest must have " + LENGTH + " bytes, had " + bytes.length);
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
