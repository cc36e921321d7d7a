package dev.keywright.core;

import dev.keywright.core.format.PepperKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secret that a back end keeps apart from its database: neither of the two alone suffices to verify or to guess keys.
 *
 * <p>The command {@code openssl rand -base64 32} makes one; {@link #fromFile}, {@link #fromEnvironment} or {@link #fromBase64}
 * reads it.
 *
 * <p>The cryptographic keys of the library are derived from it once, by HKDF-SHA-256 (RFC 5869) with an empty salt and one label
 * for each purpose; the secret itself is not kept. {@link #toString} shows its id, which is derived from it and not secret. No
 * exception of this class contains a part of the secret, in its message or its causes. Immutable and thread-safe.
 */
public final class Pepper {

    private static final int MIN_LENGTH = 32;

    private static final int MAX_FILE_BYTES = 4096;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** The shortest pepper has 43 characters of base64; a path loses the second of two slashes, and one at its end. */
    private static final int MIN_PEPPER_TEXT = 41;

    /** Characters of base64 and of its variant for URLs; paths of Windows have a backslash in place of the slash. */
    private static final Pattern PEPPER_TEXT = Pattern.compile("[A-Za-z0-9+/\\\\_-]{" + MIN_PEPPER_TEXT + "}");

    private static final String NOT_SHOWN = " is not shown, because it could be the pepper";

    private static final Pepper NONE = new Pepper(PepperKeys.none());

    private final PepperKeys keys;

    private Pepper(PepperKeys keys) {
        this.keys = keys;
    }

    /**
     * Creates a pepper from random bytes.
     *
     * @param secret at least 32 bytes from a cryptographically strong source; neither kept nor changed
     * @return the pepper
     * @throws IllegalArgumentException if there are fewer than 32 bytes
     */
    public static Pepper of(byte[] secret) {
        return of(secret, "a pepper");
    }

    /**
     * Creates a pepper from base64 text, for example that of a secret manager.
     *
     * @param text base64 (RFC 4648, section 4) of at least 32 random bytes; one line end may follow
     * @return the pepper
     * @throws IllegalArgumentException if the text is not base64, or of fewer than 32 bytes
     */
    public static Pepper fromBase64(String text) {
        return decoded(text, "a pepper");
    }

    /**
     * Reads a pepper from a file of base64 text. On a file system with POSIX permissions, the file must be accessible to its owner
     * only ({@code chmod 600}); on others, as on Windows, its permissions are not checked. Symbolic links are followed, and the
     * permissions are those of the file. No message shows a missing path that could be the pepper itself.
     *
     * @param file a file with base64 (RFC 4648, section 4) of at least 32 random bytes; one line end may follow; at most 4 KiB
     * @return the pepper
     * @throws IllegalArgumentException if the file is accessible to others or larger than 4 KiB, or if its text is not base64, or of
     *     fewer than 32 bytes; the message has the path and the cure
     * @throws UncheckedIOException if the file is missing or cannot be read
     */
    public static Pepper fromFile(Path file) {
        byte[] text;
        try {
            requireOwnerOnly(file);
            try (InputStream in = Files.newInputStream(file)) {
                text = in.readNBytes(MAX_FILE_BYTES + 1);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (text.length > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "the pepper file " + file + " must have at most " + MAX_FILE_BYTES + " bytes, has more");
        }
        return decoded(new String(text, StandardCharsets.ISO_8859_1), "the pepper in the file " + file);
    }

    /** A caller may have passed the pepper in place of the path. Then the cause, which has the path, is left out, too. */
    private static UncheckedIOException unreadable(Path file, IOException cause) {
        if (!Files.exists(file) && PEPPER_TEXT.matcher(file.toString()).find()) {
            return new UncheckedIOException(
                    "the pepper file cannot be read; its path" + NOT_SHOWN,
                    new IOException(cause.getClass().getSimpleName()));
        }
        return new UncheckedIOException("the pepper file " + file + " cannot be read", cause);
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (posix == null) {
            return;
        }
        Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
        if (!OWNER.containsAll(permissions)) {
            throw new IllegalArgumentException("the pepper file " + file
                    + " must be accessible to its owner only, has the permissions "
                    + PosixFilePermissions.toString(permissions) + ": run chmod 600 " + file);
        }
    }

    /**
     * Reads a pepper from an environment variable.
     *
     * @param variable the name of a variable with base64 (RFC 4648, section 4) of at least 32 random bytes; one line end may follow;
     *     the name has only {@code A-Z}, {@code a-z}, {@code 0-9} and {@code _}, and does not start with a digit
     * @return the pepper
     * @throws IllegalArgumentException if the name is invalid, if the variable is missing or empty, or if its value is not base64, or
     *     of fewer than 32 bytes; the message has a name of up to 40 characters, since a longer one could be the pepper itself
     */
    public static Pepper fromEnvironment(String variable) {
        return fromEnvironment(variable, System::getenv);
    }

    /** Reads a pepper from a given environment. A seam for tests only. */
    static Pepper fromEnvironment(String variable, Function<String, @Nullable String> environment) {
        if (!VARIABLE_NAME.matcher(variable).matches()) {
            throw new IllegalArgumentException(
                    "the name of the environment variable must have only A-Z, a-z, 0-9 and _, and must not start with a"
                            + " digit; it" + NOT_SHOWN);
        }
        String subject = "the pepper in the environment variable "
                + (variable.length() < MIN_PEPPER_TEXT ? variable : "(whose name" + NOT_SHOWN + ")");
        String text = environment.apply(variable);
        if (text == null) {
            throw new IllegalArgumentException(
                    subject + " is missing: set it to the output of openssl rand -base64 32");
        }
        return decoded(text, subject);
    }

    private static Pepper decoded(String text, String subject) {
        String base64 = text.replaceFirst("\r?\n\\z", "");
        if (base64.isEmpty()) {
            throw new IllegalArgumentException(
                    subject + " is empty: it must be base64 of at least " + MIN_LENGTH + " random bytes");
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message has a character of the text.
            throw new IllegalArgumentException(
                    subject + " is not base64: it must be base64 of at least " + MIN_LENGTH + " random bytes");
        }
        return of(secret, subject);
    }

    private static Pepper of(byte[] secret, String subject) {
        if (secret.length < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    subject + " must have at least " + MIN_LENGTH + " random bytes, had " + secret.length);
        }
        return new Pepper(PepperKeys.derivedFrom(secret));
    }

    /**
     * {@return the absence of a pepper: digests are plain SHA-256, and the key of the check characters is a published constant}
     * An attacker can then compute check characters for made-up keys, so that a flood of them reaches the store; and the hint of a
     * key reveals a part of it, which leaves 124 bits to guess.
     */
    public static Pepper none() {
        return NONE;
    }

    /**
     * {@return the id of the key of the check characters: the first 16 hexadecimal digits of its SHA-256} By it, a scanner that was
     * given such keys finds the one that fits. It is not secret, and reveals nothing of the key or the pepper.
     */
    public String checkKeyId() {
        return keys.checkKeyId();
    }

    /** {@return the keys that are derived from this pepper} */
    PepperKeys keys() {
        return keys;
    }

    /** {@return the id, for logs} */
    @Override
    public String toString() {
        return "Pepper[" + keys.id() + "]";
    }
}
