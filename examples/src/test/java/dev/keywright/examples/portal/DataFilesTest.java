package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data directory, the pepper file and the database file. */
class DataFilesTest {

    @TempDir
    Path directory;

    @Test
    void filesAreReadableByTheirOwnerOnly() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        PreparedKeys.in(data());
        assertPermissions("rwx------", data());
        assertPermissions("rw-------", data().resolve("pepper"));
        assertPermissions("rw-------", data().resolve("keys.mv.db"));
    }

    @Test
    void filesArePrivateInAPublicDirectory() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));
        PreparedKeys.in(data());
        assertPermissions("rw-------", data().resolve("pepper"));
        assertPermissions("rw-------", data().resolve("keys.mv.db"));
    }

    @Test
    void neitherKeysNorPepperAreInTheDatabaseFile() throws Exception {
        PreparedKeys prepared = PreparedKeys.in(data());
        String database = Files.readString(data().resolve("keys.mv.db"), StandardCharsets.ISO_8859_1);
        assertThat(database)
                .contains("read:people")
                .doesNotContain(prepared.expiring().secret().reveal().substring(3, 31))
                .doesNotContain(Files.readString(data().resolve("pepper")).strip());
    }

    @Test
    void savedPepperIsReadAgain() throws Exception {
        PepperFile created = PepperFile.in(directory);
        created.save();
        Path file = directory.resolve("pepper");
        String text = Files.readString(file);
        assertThat(text).matches("[0-9A-Za-z+/]{43}=\n");

        PepperFile read = PepperFile.in(directory);
        read.save();
        assertThat(read.pepper()).hasToString(created.pepper().toString());
        assertThat(file).content().isEqualTo(text);
        assertThat(directory.toFile().list()).containsExactly("pepper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc~", "zzzz", "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7g=="})
    void damagedPepperIsRejectedWithoutQuotingIt(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("pepper"), text);
        DataDirectory.restrictToOwner(file);
        assertThatThrownBy(() -> PepperFile.in(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageMatching(
                        "Cannot verify the keys in the database without their pepper: the pepper in the file "
                                + Pattern.quote(file.toString())
                                + " (is empty|is not base64|must have at least 32 random bytes).*");
        assertThat(file).hasContent(text);
    }

    @Test
    void pepperThatOthersCanReadIsRejected() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        PepperFile.in(directory).save();
        Path file = directory.resolve("pepper");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> PepperFile.in(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void impossibleDirectoryIsRejected() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        for (Path impossible : new Path[] {file, file.resolve("below")}) {
            assertThatThrownBy(() -> DataDirectory.open(impossible))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(impossible.toString());
        }
        assertThat(file).hasContent("not a directory");
    }

    @Test
    void unwritableDirectoryIsRejected() throws Exception {
        Path unwritable = Files.createDirectory(directory.resolve("unwritable"));
        assumeTrue(unwritable.toFile().setWritable(false) && !Files.isWritable(unwritable), "root can write anywhere");
        assertThatThrownBy(() -> DataDirectory.open(unwritable))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("not writable");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void directoryUnwritableForRootIsRejected() {
        assertThatThrownBy(() -> DataDirectory.open(Path.of("/proc/portal-data")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("/proc/portal-data");
    }

    @Test
    void corruptDatabaseFileIsRejected() throws Exception {
        Files.writeString(directory.resolve("keys.mv.db"), "not a database".repeat(1_000));
        assertThatThrownBy(() -> Database.open(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("database");
    }

    private static void assertPermissions(String expected, Path path) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo(expected);
    }

    private Path data() {
        return directory.resolve("data");
    }
}
