package dev.keywright.examples.portal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of the persistent files, and the file permissions in it. */
final class DataDirectory {

    private DataDirectory() {}

    /** {@return the directory; created with permissions for its owner only if it is missing} */
    static Path open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
            }
        } catch (IOException e) {
            throw new StartupException("Cannot create the data directory " + directory + ".", e);
        }
        if (!Files.isWritable(directory)) {
            throw new StartupException("The data directory " + directory + " is not writable.");
        }
        return directory;
    }

    /** Restricts a file to its owner, for a directory that existed before. */
    static void restrictToOwner(Path file) {
        try {
            if (isPosix(file)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw new StartupException("Cannot set the permissions of " + file + ".", e);
        }
    }

    /** {@return the attributes of a new file; none if the file system has no POSIX permissions, as on Windows} */
    static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
