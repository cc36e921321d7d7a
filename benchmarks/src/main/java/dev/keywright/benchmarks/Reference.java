package dev.keywright.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A careful hand-written verification of keys in memory: parses the text with its check characters, digests it with SHA-256, looks the
 * digest up in a {@link ConcurrentHashMap}, compares in constant time, and checks expiry and scope. It has no coherence with other nodes
 * and counts no usage.
 */
final class Reference {

    static final String SCOPE = "read:people";

    private static final String PREFIX = "ck_";
    private static final int CHECK = 4;
    private static final int BODY = KeyTexts.LENGTH - CHECK;
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int MODULUS = 36 * 36 * 36 * 36;

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    });

    private final Map<Digest, Stored> keys = new ConcurrentHashMap<>();

    /** A digest as a map key. */
    @SuppressWarnings("ArrayRecordComponent")
    record Digest(byte[] bytes) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }

    /** A stored key. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Stored(byte[] digest, String tenant, long expiresAt, Set<String> scopes) {}

    /** Adds random keys. */
    static KeyTexts fill(Reference reference, int count) {
        SplittableRandom random = new SplittableRandom(count);
        KeyTexts texts = new KeyTexts(count);
        for (int i = 0; i < count; i++) {
            String text = text(random);
            byte[] digest = sha256(text);
            Stored stored = new Stored(
                    digest, "tenant-" + i % 1000, i % 4 == 0 ? Long.MAX_VALUE - 1 : Long.MAX_VALUE, Set.of(SCOPE));
            reference.keys.put(new Digest(digest), stored);
            texts.add(text);
        }
        return texts;
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder(PREFIX);
        while (text.length() < BODY) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        int check = check(body);
        for (int i = 0; i < CHECK; i++, check /= ALPHABET.length()) {
            text.append(ALPHABET.charAt(check % ALPHABET.length()));
        }
        return text.toString();
    }

    /** {@return the key if the text is valid and has the scope, otherwise null} */
    @Nullable Stored verify(String text, String scope) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        if (!isWellFormed(ascii)) {
            return null;
        }
        byte[] digest = sha256(ascii);
        Stored stored = find(digest);
        if (stored == null
                || !MessageDigest.isEqual(digest, stored.digest)
                || System.currentTimeMillis() >= stored.expiresAt
                || !stored.scopes.contains(scope)) {
            return null;
        }
        return stored;
    }

    @Nullable Stored find(byte[] digest) {
        return keys.get(new Digest(digest));
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] sha256(byte[] bytes) {
        return SHA_256.get().digest(bytes);
    }

    static boolean isWellFormed(byte[] ascii) {
        if (ascii.length != KeyTexts.LENGTH || ascii[0] != 'c' || ascii[1] != 'k' || ascii[2] != '_') {
            return false;
        }
        for (int i = PREFIX.length(); i < ascii.length; i++) {
            byte c = ascii[i];
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        int check = check(ascii);
        for (int i = BODY; i < ascii.length; i++, check /= ALPHABET.length()) {
            if (ALPHABET.charAt(check % ALPHABET.length()) != ascii[i]) {
                return false;
            }
        }
        return true;
    }

    private static int check(byte[] ascii) {
        CRC32 crc = new CRC32();
        crc.update(ascii, 0, BODY);
        return (int) (crc.getValue() % MODULUS);
    }
}
