package dev.keywright.examples.portal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder in which the portal keeps what must survive it, and the rights with which it makes files there. */
final class DataFolder {

    private DataFolder() {}

    /** {@return the folder, which is made where it is missing, for its owner's eyes only} */
    static Path open(Path asked) {
        Path folder = asked.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
            }
        } catch (IOException e) {
            throw new CannotStart("The data folder " + folder + " cannot be made.", e);
        }
        if (!Files.isWritable(folder)) {
            throw new CannotStart("The data folder " + folder + " is not writable.");
        }
        return folder;
    }

    /** Takes everybody's rights to a file away but its owner's, for a folder that was made by somebody else. */
    static void closeToOthers(Path file) {
        try {
            if (isPosix(file)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw new CannotStart("The rights to " + file + " cannot be set.", e);
        }
    }

    /** {@return the rights to make a file with; none where the file system has no such thing, as on Windows} */
    static FileAttribute<?>[] ownerOnly(Path where, String rights) {
        return isPosix(where)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path where) {
        return where.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
