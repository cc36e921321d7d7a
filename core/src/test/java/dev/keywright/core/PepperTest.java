package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a pepper is read from, and that no failure shows a part of it. */
class PepperTest {

    private static final byte[] SECRET = "a secret that no exception shows".getBytes(StandardCharsets.US_ASCII);
    private static final String TEXT = Base64.getEncoder().encodeToString(SECRET);
    private static final String EXPECTED = Pepper.of(SECRET).toString();

    @TempDir
    Path directory;

    @Test
    void base64IsThePepperOfItsBytes() {
        assertThat(Pepper.fromBase64(TEXT)).hasToString(EXPECTED);
        assertThat(Pepper.fromBase64(TEXT + "\n")).hasToString(EXPECTED);
        assertThat(Pepper.fromBase64(TEXT + "\r\n")).hasToString(EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n\n", " %s", "%s ", "\n%s", "%s\r", "%s~", "\u00e4%s", "-_%s", "=%s"})
    void otherTextIsNotBase64(String format) {
        assertThatThrownBy(() -> Pepper.fromBase64(format.formatted(TEXT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pepper is not base64: it must be base64 of at least 32 random bytes");
    }

    @Test
    void shortPepperIsRefusedWithItsLength() {
        String text = Base64.getEncoder().encodeToString(new byte[31]);

        assertThatThrownBy(() -> Pepper.fromBase64(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pepper must have at least 32 random bytes, had 31");
        assertThatThrownBy(() -> Pepper.fromBase64("\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pepper is empty: it must be base64 of at least 32 random bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void fileOfItsOwnerIsRead(String permissions) throws IOException {
        assertThat(Pepper.fromFile(file(TEXT + "\n", permissions))).hasToString(EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---", "rw------x"})
    void fileThatOthersCanAccessIsRefused(String permissions) throws IOException {
        Path file = file(TEXT, permissions);

        assertThatThrownBy(() -> Pepper.fromFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the pepper file " + file + " must be accessible to its owner only, has the permissions "
                        + permissions + ": run chmod 600 " + file);
    }

    @Test
    void permissionsOfALinkAreThoseOfItsFile() throws IOException {
        Path open = file(TEXT, "rw-r--r--");
        Path link = Files.createSymbolicLink(directory.resolve("link"), open);
        assertThatThrownBy(() -> Pepper.fromFile(link)).hasMessageContaining("rw-r--r--");

        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
        assertThat(Pepper.fromFile(link)).hasToString(EXPECTED);
    }

    @Test
    void permissionsAreNotCheckedWithoutPosix() throws IOException {
        Path archive = directory.resolve("archive.zip");
        try (FileSystem zip =
                FileSystems.newFileSystem(URI.create("jar:" + archive.toUri()), Map.of("create", "true"))) {
            assumeTrue(!zip.supportedFileAttributeViews().contains("posix"));
            Path file = Files.writeString(zip.getPath("/pepper"), TEXT);

            assertThat(Pepper.fromFile(file)).hasToString(EXPECTED);
        }
    }

    @Test
    void missingFileIsNamed() {
        Path file = Path.of("no-such-pepper");

        assertThatThrownBy(() -> Pepper.fromFile(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the pepper file " + file + " cannot be read")
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void fileOverFourKibibytesIsRefused() throws IOException {
        String largest = Base64.getEncoder().encodeToString(new byte[3072]);
        Path file = file(largest, "rw-------");
        assertThat(Pepper.fromFile(file)).hasToString(Pepper.of(new byte[3072]).toString());

        Files.writeString(file, largest + "\n");
        assertThatThrownBy(() -> Pepper.fromFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the pepper file " + file + " must have at most 4096 bytes, has more");
    }

    @Test
    void invalidFileIsNamed() throws IOException {
        Path file = file("", "rw-------");
        assertThatThrownBy(() -> Pepper.fromFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the pepper in the file " + file + " is empty");

        Files.write(file, SECRET);
        assertThatThrownBy(() -> Pepper.fromFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the pepper in the file " + file + " is not base64");
    }

    @Test
    void variableIsRead() {
        assertThat(Pepper.fromEnvironment("PEPPER", Map.of("PEPPER", TEXT)::get))
                .hasToString(EXPECTED);
    }

    @Test
    void unusableVariableIsNamed() {
        String subject = "the pepper in the environment variable PEPPER ";
        assertThatThrownBy(() -> Pepper.fromEnvironment("PEPPER", Map.of("OTHER", TEXT)::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(subject + "is missing: set it to the output of openssl rand -base64 32");
        assertThatThrownBy(() -> Pepper.fromEnvironment("PEPPER", name -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(subject + "is empty");
        assertThatThrownBy(() -> Pepper.fromEnvironment("PEPPER", name -> TEXT + "!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(subject + "is not base64");
        assertThatThrownBy(() -> Pepper.fromEnvironment("PEPPER", name -> "YWJj"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(subject + "must have at least 32 random bytes, had 3");
    }

    @Test
    void environmentOfTheProcessIsTheDefault() {
        assertThatThrownBy(() -> Pepper.fromEnvironment("KEYWRIGHT_NO_SUCH_VARIABLE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KEYWRIGHT_NO_SUCH_VARIABLE is missing");
    }

    @Test
    void noExceptionShowsAPartOfThePepper() throws IOException {
        // Each has characters that are in no message otherwise, as an illegal one, and as too few bytes.
        String illegal = "\u00e4\u00f6QZQZ";
        String few = "QZQZ";
        Path open = file(TEXT, "rw-r--r--");
        Path bad = Files.copy(open, directory.resolve("bad"));
        Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(bad, illegal);

        assertThat(Stream.of(
                        catchThrowable(() -> Pepper.fromBase64(illegal)),
                        catchThrowable(() -> Pepper.fromBase64(few)),
                        catchThrowable(() -> Pepper.fromBase64(few + "=")),
                        catchThrowable(() -> Pepper.fromFile(bad)),
                        catchThrowable(() -> Pepper.fromFile(open)),
                        catchThrowable(() -> Pepper.fromEnvironment("PEPPER", name -> illegal)),
                        catchThrowable(() -> Pepper.fromEnvironment("PEPPER", name -> few))))
                .allSatisfy(thrown -> assertThat(stackTrace(thrown))
                        .contains("pepper")
                        .doesNotContain("QZ", TEXT, TEXT.substring(0, 8), "\u00e4", "\u00c3", "Illegal base64"));
        assertThat(Pepper.fromBase64(TEXT).toString()).doesNotContain(TEXT.substring(0, 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
                "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k",
                "q83vASNFZ4+rze8BI0Vni/vN7wEjRWe+q83vASNFZ4k/",
                "/83vASNFZ4+rze8BI0Vn//vN7wEjRWe+q83vASNFZ4k/",
                "PEPPER=q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
                "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
                "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=\n"
            })
    void pepperInPlaceOfANameOrPathIsNotShown(String text) {
        assertThat(Stream.of(
                        catchThrowable(() -> Pepper.fromEnvironment(text)),
                        catchThrowable(() -> Pepper.fromEnvironment(text, name -> "")),
                        catchThrowable(() -> Pepper.fromFile(Path.of(text))),
                        catchThrowable(() -> Pepper.fromFile(directory.resolve(text))),
                        catchThrowable(() -> Pepper.fromFile(Path.of(text).toAbsolutePath()))))
                .allSatisfy(thrown -> assertThat(stackTrace(thrown))
                        .contains("is not shown, because it could be the pepper")
                        .doesNotContain("ASNFZ4", "EjRWe", "abcdef01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1PEPPER", "A-B", "A B", "A=B", "PEPPER\n", "\u00c4"})
    void nameOfAVariableIsAnIdentifier(String name) {
        assertThatThrownBy(() -> Pepper.fromEnvironment(name, variable -> TEXT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the name of the environment variable must have only A-Z, a-z, 0-9 and _, and must not start"
                                + " with a digit; it is not shown, because it could be the pepper");
    }

    @Test
    void longPathOfAFileIsShown() throws IOException {
        Path file = Files.createDirectory(directory.resolve("d".repeat(40))).resolve("pepper");
        Files.writeString(file, "~");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> Pepper.fromFile(file)).hasMessageContaining(file.toString());
    }

    @Test
    void longNameOfAVariableIsRead() {
        assertThat(Pepper.fromEnvironment("P".repeat(60), name -> TEXT)).hasToString(EXPECTED);
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private Path file(String text, String permissions) throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path file = Files.writeString(directory.resolve("pepper"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
