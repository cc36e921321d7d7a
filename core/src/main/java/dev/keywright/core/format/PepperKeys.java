package dev.keywright.core.format;

import dev.keywright.spi.Digest;
import dev.keywright.spi.PepperId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are derived from a pepper by HKDF-SHA-256 (RFC 5869), with an empty salt and one label for each purpose; and the
 * digests and check characters under them. Immutable and thread-safe.
 */
public final class PepperKeys {

    private static final String HMAC = "HmacSHA256";
    private static final String LABEL = "dev.keywright/v1/";
    private static final String IMPORT = "import";
    private static final int CHECK_KEY_ID_BYTES = 8;

    /** The key of the check characters without a pepper. Published, so that a scanner can tell a key from a look-alike. */
    private static final byte[] PUBLISHED_CHECK_KEY = "dev.keywright/v1".getBytes(StandardCharsets.US_ASCII);

    /** Without a pepper, anyone can read and forge cursors, which reveal the number of keys and nothing else. */
    private static final PepperKeys NONE =
            new PepperKeys(new PepperId("none"), PUBLISHED_CHECK_KEY, null, null, aes(PUBLISHED_CHECK_KEY));

    private final PepperId id;
    private final CheckCharacters check;
    private final String checkKeyId;
    private final @Nullable SecretKeySpec digestKey;
    private final @Nullable SecretKeySpec importKey;
    private final SecretKeySpec cursorKey;

    private PepperKeys(
            PepperId id,
            byte[] checkKey,
            @Nullable SecretKeySpec digestKey,
            @Nullable SecretKeySpec importKey,
            SecretKeySpec cursorKey) {
        this.id = id;
        this.check = new CheckCharacters(checkKey);
        this.checkKeyId = HexFormat.of().formatHex(digest(null, checkKey).bytes(), 0, CHECK_KEY_ID_BYTES);
        this.digestKey = digestKey;
        this.importKey = importKey;
        this.cursorKey = cursorKey;
    }

    /** {@return the keys that are derived from a pepper} The pepper itself is not kept. */
    public static PepperKeys derivedFrom(byte[] pepper) {
        return new PepperKeys(
                new PepperId(HexFormat.of().formatHex(derive(pepper, "pepper-id", 8))),
                derive(pepper, "check", 16),
                new SecretKeySpec(derive(pepper, "digest", Digest.LENGTH), HMAC),
                new SecretKeySpec(derive(pepper, IMPORT, Digest.LENGTH), HMAC),
                aes(derive(pepper, "cursor", 16)));
    }

    /** {@return the published keys that stand in for those of a pepper} */
    public static PepperKeys none() {
        return NONE;
    }

    /** {@return the id of the pepper, derived from it and not secret} */
    public PepperId id() {
        return id;
    }

    /** {@return the check characters under this pepper} */
    public CheckCharacters check() {
        return check;
    }

    /** {@return the id of the key of the check characters: the first 16 hexadecimal digits of its SHA-256} */
    public String checkKeyId() {
        return checkKeyId;
    }

    /** {@return the stored digest of a key's text: HMAC-SHA-256 under the pepper, SHA-256 without one} */
    public Digest digest(String text) {
        return digest(digestKey, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * {@return the stored digest of an imported key, computed from the digest of the other system} Write access to the database
     * does not suffice to forge a row that verifies: that takes the pepper.
     */
    public Digest imported(DigestAlgorithm algorithm, byte[] foreignDigest) {
        // Without a key of its own for imports, the label keeps these digests apart from those of texts.
        String label = importKey == null ? LABEL + IMPORT + "/" + algorithm.name() : algorithm.name();
        byte[] prefix = label.getBytes(StandardCharsets.US_ASCII);
        return digest(
                importKey,
                ByteBuffer.allocate(prefix.length + foreignDigest.length)
                        .put(prefix)
                        .put(foreignDigest)
                        .array());
    }

    /** {@return the AES key of page cursors} */
    public SecretKeySpec cursorKey() {
        return cursorKey;
    }

    private static Digest digest(@Nullable SecretKeySpec key, byte[] bytes) {
        try {
            if (key == null) {
                return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
            }
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Digest.of(mac.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform lacks a mandatory algorithm", e);
        }
    }

    private static SecretKeySpec aes(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    private static byte[] derive(byte[] pepper, String purpose, int length) {
        byte[] info = (LABEL + purpose).getBytes(StandardCharsets.US_ASCII);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(pepper, null, info));
        byte[] key = new byte[length];
        hkdf.generateBytes(key, 0, length);
        return key;
    }
}
