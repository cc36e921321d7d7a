package dev.keywright.examples.portal;

import dev.keywright.core.Pepper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * File with the pepper: 32 random bytes, separate from the database, so that a stolen copy of the database is useless.
 *
 * <p>The portal has one directory for both. A production back end keeps the pepper with its other secrets, and never in the same
 * backup as the database.
 */
final class PepperFile {

    private static final int LENGTH = 32;

    private final Path file;
    private final String created;
    private final Pepper pepper;

    private PepperFile(Path file, String created, Pepper pepper) {
        this.file = file;
        this.created = created;
        this.pepper = pepper;
    }

    /** {@return the pepper in the directory, or a new one, which is not saved yet} */
    static PepperFile in(Path directory) {
        Path file = directory.resolve("pepper");
        if (Files.exists(file)) {
            return new PepperFile(file, "", read(file));
        }
        byte[] secret = new byte[LENGTH];
        new SecureRandom().nextBytes(secret);
        return new PepperFile(file, Base64.getEncoder().encodeToString(secret), Pepper.of(secret));
    }

    Pepper pepper() {
        return pepper;
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
            Files.writeString(temporary, created + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartupException("Cannot write the pepper file " + file + ".", e);
        }
    }

    private static Pepper read(Path file) {
        try {
            return Pepper.fromFile(file);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new StartupException(
                    "Cannot verify the keys in the database without their pepper: " + e.getMessage() + ".", e);
        }
    }
}
