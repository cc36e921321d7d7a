package dev.keywright.core.format;

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

/** Unsalted digest algorithm of another system, with its key where it is an HMAC. Immutable and thread-safe. */
public final class DigestAlgorithm {

    private final String name;
    private final int length;
    private final @Nullable SecretKeySpec key;

    private DigestAlgorithm(String name, int length, @Nullable SecretKeySpec key) {
        this.name = name;
        this.length = length;
        this.key = key;
    }

    /** {@return SHA-256, SHA-384 or SHA-512} */
    public static DigestAlgorithm sha(int bits) {
        return new DigestAlgorithm("SHA-" + bits, bits / Byte.SIZE, null);
    }

    /** {@return HMAC-SHA-256 under a key, which is copied and must not be empty} */
    public static DigestAlgorithm hmacSha256(byte[] key) {
        return new DigestAlgorithm("HMAC-SHA-256", 32, new SecretKeySpec(key, "HmacSHA256"));
    }

    /** {@return the name of the algorithm, which is digested with imported keys so that digests of two algorithms cannot collide} */
    public String name() {
        return name;
    }

    boolean isSameAs(DigestAlgorithm other) {
        return name.equals(other.name) && Objects.equals(key, other.key);
    }

    /** {@return the digest of an ASCII text} */
    public byte[] digest(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        try {
            if (key == null) {
                return MessageDigest.getInstance(name).digest(ascii);
            }
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(ascii);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform lacks a mandatory algorithm", e);
        }
    }

    /**
     * Parses a digest in hexadecimal or base64, of either alphabet. It may have a marker of another system in front: the algorithm,
     * as in {@code sha256:…}, {@code sha256=…}, {@code sha256-…} (Subresource Integrity), {@code sha256$…}, {@code sha256$$…}
     * (Django, without a salt) or <code>{SHA256}…</code> (LDAP); or, before hexadecimal, {@code 0x} or <code>\x</code> (PostgreSQL).
     *
     * @return the bytes; empty if the text is not a digest of this algorithm
     */
    public Optional<byte[]> parse(String text) {
        return decode(text).or(() -> decode(withoutMarker(text)));
    }

    private String withoutMarker(String text) {
        if (text.length() == 2 + 2 * length && (text.startsWith("0x") || text.startsWith("\\x"))) {
            return text.substring(2);
        }
        for (String spelling : List.of(name, name.replace("SHA-", "SHA"), name.replace("-", ""))) {
            for (String marker : List.of(
                    "{" + spelling + "}",
                    spelling + "$$",
                    spelling + "$",
                    spelling + ":",
                    spelling + "=",
                    spelling + "-")) {
                if (text.regionMatches(true, 0, marker, 0, marker.length())) {
                    return text.substring(marker.length());
                }
            }
        }
        return "";
    }

    private Optional<byte[]> decode(String text) {
        try {
            if (text.length() == 2 * length) {
                return Optional.of(HexFormat.of().parseHex(text));
            }
            byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            return Optional.of(bytes).filter(b -> b.length == length);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
