package dev.keywright.core;

import dev.keywright.core.format.CheckCharacters;
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
 * A secret that a back end keeps apart from its database: who has the one without the other can neither verify keys nor
 * guess them.
 *
 * <p>What is needed of it is derived once, by HKDF-SHA-256 (RFC 5869) with an empty salt and a label for each purpose; the
 * secret itself is not kept. It prints as its id, which is derived one way and no secret.
 */
public final class Pepper {

    private static final int SHORTEST = 32;
    private static final String HMAC = "HmacSHA256";
    private static final String LABEL = "dev.keywright/v1/";

    /**
     * The key of the check characters where there is no pepper. Published, so that a scanner can tell a real key from a
     * look-alike.
     */
    private static final byte[] PUBLISHED_CHECK_KEY = "dev.keywright/v1".getBytes(StandardCharsets.US_ASCII);

    private static final String IMPORT = "import";

    /** Without a pepper, cursors can be read and made by anybody: they then tell how many keys there are, and no more. */
    private static final Pepper NONE = new Pepper(
            new PepperId("none"), new CheckCharacters(PUBLISHED_CHECK_KEY), null, null, aes(PUBLISHED_CHECK_KEY));

    private final PepperId id;
    private final CheckCharacters check;
    private final @Nullable SecretKeySpec digestKey;
    private final @Nullable SecretKeySpec importKey;
    private final SecretKeySpec cursorKey;

    private Pepper(
            PepperId id,
            CheckCharacters check,
            @Nullable SecretKeySpec digestKey,
            @Nullable SecretKeySpec importKey,
            SecretKeySpec cursorKey) {
        this.id = id;
        this.check = check;
        this.digestKey = digestKey;
        this.importKey = importKey;
        this.cursorKey = cursorKey;
    }

    /**
     * Makes a pepper of random bytes.
     *
     * @param secret at least 32 bytes from a cryptographically strong source; they are neither kept nor changed
     * @return the pepper
     * @throws IllegalArgumentException if there are fewer than 32 bytes
     */
    public static Pepper of(byte[] secret) {
        if (secret.length < SHORTEST) {
            throw new IllegalArgumentException(
                    "a pepper has at least " + SHORTEST + " random bytes, not " + secret.length);
        }
        return new Pepper(
                new PepperId(HexFormat.of().formatHex(derive(secret, "pepper-id", 8))),
                new CheckCharacters(derive(secret, "check", 16)),
                new SecretKeySpec(derive(secret, "digest", Digest.LENGTH), HMAC),
                new SecretKeySpec(derive(secret, IMPORT, Digest.LENGTH), HMAC),
                aes(derive(secret, "cursor", 16)));
    }

    /**
     * {@return no pepper: digests are plain SHA-256, and the key of the check characters is a published constant} Made-up
     * keys can then be given fitting check characters, so that a flood of them reaches the store; and the hint of a key
     * tells something of it, which leaves 124 bits to guess.
     */
    public static Pepper none() {
        return NONE;
    }

    /** {@return what tells this pepper from others} */
    public PepperId id() {
        return id;
    }

    /** {@return the check characters under this pepper} */
    public CheckCharacters check() {
        return check;
    }

    /** {@return what is stored in place of a key's text: HMAC-SHA-256 under the pepper, SHA-256 without one} */
    public Digest digest(String text) {
        return digest(digestKey, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * {@return what is stored of a key that another system has digested} Under a pepper, whoever can write the database but
     * has only texts of their own choice cannot make a row of them that verifies.
     */
    public Digest imported(ImportDigest algorithm, byte[] foreign) {
        // Without a key of its own to set them apart, the label keeps these from the digests of texts.
        String label = importKey == null ? LABEL + IMPORT + "/" + algorithm.algorithm() : algorithm.algorithm();
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        return digest(
                importKey,
                ByteBuffer.allocate(name.length + foreign.length)
                        .put(name)
                        .put(foreign)
                        .array());
    }

    /** {@return what cursors are encrypted with} */
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
            throw new IllegalStateException("this Java platform lacks an algorithm that each must have", e);
        }
    }

    /** {@return the id, for logs} */
    @Override
    public String toString() {
        return "Pepper[" + id + "]";
    }

    private static SecretKeySpec aes(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    private static byte[] derive(byte[] secret, String purpose, int length) {
        byte[] info = (LABEL + purpose).getBytes(StandardCharsets.US_ASCII);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret, null, info));
        byte[] key = new byte[length];
        hkdf.generateBytes(key, 0, length);
        return key;
    }
}
