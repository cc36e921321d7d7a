package dev.keywright.examples.portal;

import dev.keywright.core.Pepper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The pepper: 32 random bytes in a file of their own, so that a stolen copy of the database is worth nothing without it.
 *
 * <p>It lies beside the database here, because the portal is one folder. A back end keeps it where its other secrets are,
 * and never in the same backup as the database.
 */
final class PepperFile {

    private static final int LENGTH = 32;

    private final Path file;
    private final byte[] secret;

    private PepperFile(Path file, byte[] secret) {
        this.file = file;
        this.secret = secret;
    }

    /** {@return the pepper that is kept in the folder, or a new one, which is not kept yet} */
    static PepperFile in(Path folder) {
        Path file = folder.resolve("pepper");
        if (Files.exists(file)) {
            return new PepperFile(file, read(file));
        }
        byte[] secret = new byte[LENGTH];
        new SecureRandom().nextBytes(secret);
        return new PepperFile(file, secret);
    }

    Pepper pepper() {
        return Pepper.of(secret);
    }

    /**
     * Keeps a new pepper; one that was read stays untouched. Call it when the keys that exist are known to get on with it,
     * and before any is issued: where the old file was lost, a new one in its place would only hide that.
     */
    void keep() {
        if (Files.exists(file)) {
            return;
        }
        try {
            // Under its own name only when it is whole and on the disk: a crash must not leave half a pepper. No other
            // portal does the same meanwhile: the open database keeps it out.
            Path whole =
                    Files.createTempFile(file.getParent(), "pepper", ".new", DataFolder.ownerOnly(file, "rw-------"));
            String text = HexFormat.of().formatHex(secret) + "\n";
            Files.writeString(
                    whole, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CannotStart("The pepper cannot be written to " + file + ".", e);
        }
    }

    private static byte[] read(Path file) {
        try {
            byte[] secret = HexFormat.of()
                    .parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (secret.length != LENGTH) {
                throw new IllegalArgumentException("not " + LENGTH + " bytes");
            }
            return secret;
        } catch (IOException | IllegalArgumentException e) {
            // Without the cause, whose message may quote what was read.
            throw new CannotStart("The pepper file " + file + " is damaged or not readable: it should have "
                    + 2 * LENGTH + " hexadecimal digits. Without it the keys in the database cannot be verified.");
        }
    }
}
