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
 * File with the pepper: 32 random bytes, separate from the database, so that a stolen copy of the database is useless.
 *
 * <p>The portal has one directory for both. A production back end keeps the pepper with its other secrets, and never in the same
 * backup as the database.
 */
final class PepperFile {

    private static final int LENGTH = 32;

    private final Path file;
    private final byte[] secret;

    private PepperFile(Path file, byte[] secret) {
        this.file = file;
        this.secret = secret;
    }

    /** {@return the pepper in the directory, or a new one, which is not saved yet} */
    static PepperFile in(Path directory) {
        Path file = directory.resolve("pepper");
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
     * Saves a new pepper; does nothing for one that was read. Call it after the store was checked to have no keys of another
     * pepper, and before a key is issued: if the old file was lost, a new one in its place would hide the loss.
     */
    void save() {
        if (Files.exists(file)) {
            return;
        }
        try {
            // Renamed only when it is complete and durable: a crash must not leave half a pepper. No other portal does
            // the same concurrently: the lock on the database excludes it.
            Path temporary = Files.createTempFile(
                    file.getParent(), "pepper", ".new", DataDirectory.ownerOnly(file, "rw-------"));
            String text = HexFormat.of().formatHex(secret) + "\n";
            Files.writeString(
                    temporary, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartupException("Cannot write the pepper file " + file + ".", e);
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
            // Without the cause, whose message may quote the file.
            throw new StartupException("The pepper file " + file + " is damaged or unreadable: it must have "
                    + 2 * LENGTH + " hexadecimal digits. Without it the keys in the database cannot be verified.");
        }
    }
}
