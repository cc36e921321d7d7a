package dev.keywright.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm by which another system digested the keys that it issued, in ASCII and without a salt; {@link ImportFormat}
 * says which part of a key. Immutable and thread-safe.
 */
public final class ImportDigest {

    private final String algorithm;
    private final int length;
    private final @Nullable SecretKeySpec key;

    private ImportDigest(String algorithm, int length, @Nullable SecretKeySpec key) {
        this.algorithm = algorithm;
        this.length = length;
        this.key = key;
    }

    /** {@return plain SHA-256} */
    public static ImportDigest sha256() {
        return new ImportDigest("SHA-256", 32, null);
    }

    /** {@return plain SHA-384} */
    public static ImportDigest sha384() {
        return new ImportDigest("SHA-384", 48, null);
    }

    /** {@return plain SHA-512} */
    public static ImportDigest sha512() {
        return new ImportDigest("SHA-512", 64, null);
    }

    /**
     * HMAC-SHA-256.
     *
     * @param key the key of the other system's HMAC; copied. It is needed for as long as one of its keys lives
     * @return the digest
     * @throws IllegalArgumentException if the key is empty
     */
    public static ImportDigest hmacSha256(byte[] key) {
        return new ImportDigest("HMAC-SHA-256", 32, new SecretKeySpec(key, "HmacSHA256"));
    }

    /** {@return the name that goes into what is stored, so that digests of two algorithms cannot be mistaken} */
    public String algorithm() {
        return algorithm;
    }

    public boolean isSameAs(ImportDigest other) {
        return algorithm.equals(other.algorithm) && Objects.equals(key, other.key);
    }

    public byte[] of(String text) {
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

    /**
     * Reads a digest that is written in hexadecimal or base64, of either alphabet. Before it may stand what other systems put
     * there: the algorithm as in {@code sha256:…}, {@code sha256=…}, {@code sha256-…} (Subresource Integrity), {@code
     * sha256$…}, {@code sha256$$…} (Django, without a salt) or <code>{SHA256}…</code> (LDAP), or before hexadecimal {@code 0x}
     * or <code>\x</code> (PostgreSQL).
     *
     * @return the bytes; empty if the text is no such digest, or of another algorithm
     */
    public Optional<byte[]> read(String written) {
        return bytes(written).or(() -> bytes(withoutMarker(written)));
    }

    private String withoutMarker(String written) {
        if (written.length() == 2 + 2 * length && (written.startsWith("0x") || written.startsWith("\\x"))) {
            return written.substring(2);
        }
        for (String name : List.of(algorithm, algorithm.replace("SHA-", "SHA"), algorithm.replace("-", ""))) {
            for (String marker :
                    List.of("{" + name + "}", name + "$$", name + "$", name + ":", name + "=", name + "-")) {
                if (written.regionMatches(true, 0, marker, 0, marker.length())) {
                    return written.substring(marker.length());
                }
            }
        }
        return "";
    }

    private Optional<byte[]> bytes(String written) {
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
