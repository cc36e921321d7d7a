package dev.keywright.core;

import dev.keywright.core.format.DigestAlgorithm;

/**
 * Algorithm by which another system digested the keys that it issued, in ASCII and without a salt; {@link ImportFormat} tells
 * which part of a key it digested. Immutable and thread-safe.
 */
public final class ImportDigest {

    private final DigestAlgorithm algorithm;

    private ImportDigest(DigestAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** {@return plain SHA-256} */
    public static ImportDigest sha256() {
        return new ImportDigest(DigestAlgorithm.sha(256));
    }

    /** {@return plain SHA-384} */
    public static ImportDigest sha384() {
        return new ImportDigest(DigestAlgorithm.sha(384));
    }

    /** {@return plain SHA-512} */
    public static ImportDigest sha512() {
        return new ImportDigest(DigestAlgorithm.sha(512));
    }

    /**
     * Returns HMAC-SHA-256 under a key.
     *
     * @param key the HMAC key of the other system; copied. It is needed until the last imported key is gone
     * @return the digest
     * @throws IllegalArgumentException if the key is empty
     */
    public static ImportDigest hmacSha256(byte[] key) {
        return new ImportDigest(DigestAlgorithm.hmacSha256(key));
    }

    /** {@return the algorithm} */
    DigestAlgorithm algorithm() {
        return algorithm;
    }

    /** {@return the name of the algorithm, without its key} */
    @Override
    public String toString() {
        return "ImportDigest[" + algorithm.name() + "]";
    }
}
