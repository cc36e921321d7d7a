package dev.keywright.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How another system digested the keys that it issued: over the whole text of a key, prefix included, in ASCII. Immutable,
 * and safe for use by many threads.
 */
public final class ForeignDigest {

    private final String algorithm;
    private final int length;
    private final @Nullable SecretKeySpec key;

    private ForeignDigest(String algorithm, int length, @Nullable SecretKeySpec key) {
        this.algorithm = algorithm;
        this.length = length;
        this.key = key;
    }

    /** {@return plain SHA-256} */
    public static ForeignDigest sha256() {
        return new ForeignDigest("SHA-256", 32, null);
    }

    /** {@return plain SHA-512} */
    public static ForeignDigest sha512() {
        return new ForeignDigest("SHA-512", 64, null);
    }

    /**
     * HMAC-SHA-256.
     *
     * @param key the key of the other system's HMAC; copied. It is needed for as long as one of its keys lives
     * @return the digest
     * @throws IllegalArgumentException if the key is empty
     */
    public static ForeignDigest hmacSha256(byte[] key) {
        return new ForeignDigest("HMAC-SHA-256", 32, new SecretKeySpec(key, "HmacSHA256"));
    }

    /** {@return the name that goes into what is stored, so that digests of two algorithms cannot be mistaken} */
    String algorithm() {
        return algorithm;
    }

    byte[] of(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        try {
            if (key == null) {
                return MessageDigest.getInstance(algorithm).digest(ascii);
            }
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(ascii);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    /** {@return the bytes of a digest that is written in hexadecimal or base64, of either alphabet; empty if it is none} */
    Optional<byte[]> read(String written) {
        try {
            if (written.length() == 2 * length) {
                return Optional.of(HexFormat.of().parseHex(written));
            }
            byte[] bytes = Base64.getDecoder().decode(written.replace('-', '+').replace('_', '/'));
            return Optional.of(bytes).filter(b -> b.length == length);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return the algorithm, and nothing of its key} */
    @Override
    public String toString() {
        return "ForeignDigest[" + algorithm + "]";
    }
}
