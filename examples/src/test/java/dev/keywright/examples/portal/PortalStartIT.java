package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged portal starts, refuses to start, ends, and what outlives it. */
class PortalStartIT {

    @TempDir
    Path folder;

    @Test
    void printsAddressAndSessionTokensOnly() throws Exception {
        try (PortalProcess portal = PortalProcess.listening(data())) {
            portal.stop();
            assertThat(portal.out()).hasSize(5);
            assertThat(portal.out().get(0)).matches("Listening on http://127\\.0\\.0\\.1:[1-9][0-9]*/");
            assertThat(portal.out().get(1)).matches("session token for Admin in district north: [0-9a-f]{64}");
            assertThat(portal.out().get(2)).matches("session token for Office in district north: [0-9a-f]{64}");
            assertThat(portal.out().get(3)).matches("session token for Mentor in district north: [0-9a-f]{64}");
            assertThat(portal.out().get(4)).matches("session token for Admin in district south: [0-9a-f]{64}");
            assertThat(portal.err()).isEmpty();
        }
    }

    @Test
    void keysSurviveARestartAndSessionsDoNot() throws Exception {
        String oldSession;
        String stays;
        String revoked;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            Client admin = portal.signedIn("Admin", "north");
            oldSession = portal.sessionToken("Admin", "north");
            stays = (String) admin.create("Stays", "read:people").get("key");
            Map<String, Object> goes = admin.create("Goes", "read:people");
            revoked = (String) goes.get("key");
            admin.delete("/api/keys/" + goes.get("id"));
        }
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(portal.client().withToken(stays).get("/api/people").status())
                    .isEqualTo(200);
            assertThat(portal.client().withToken(revoked).get("/api/people").status())
                    .isEqualTo(401);
            assertThat(portal.client().withToken(oldSession).get("/api/people").status())
                    .isEqualTo(401);
            assertThat(portal.signedIn("Admin", "north").keys()).hasSize(1);
            assertThat(portal.signedIn("Admin", "south").keys()).isEmpty();
        }
    }

    @Test
    void usageIsSavedOnShutdown() throws Exception {
        try (PortalProcess portal = PortalProcess.listening(data())) {
            Client admin = portal.signedIn("Admin", "north");
            assertThat(admin.usingKey("read:people").get("/api/people").status())
                    .isEqualTo(200);
            portal.stop();
        }
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(portal.signedIn("Admin", "north").get("/api/keys").objects())
                    .singleElement()
                    .satisfies(key -> assertThat(key).containsKey("last_used_at"));
        }
    }

    @Test
    void acknowledgedWritesSurviveAKill() throws Exception {
        String stays;
        String revoked;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            Client admin = portal.signedIn("Admin", "north");
            stays = (String) admin.create("Stays", "read:people").get("key");
            Map<String, Object> goes = admin.create("Goes", "read:people");
            revoked = (String) goes.get("key");
            admin.delete("/api/keys/" + goes.get("id"));
            portal.kill();
        }
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(portal.client().withToken(stays).get("/api/people").status())
                    .isEqualTo(200);
            assertThat(portal.client().withToken(revoked).get("/api/people").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void pepperIsReadableByItsOwnerOnlyAndStays() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path pepper = data().resolve("pepper");
        PortalProcess.listening(data()).close();
        String first = Files.readString(pepper);
        PortalProcess.listening(data()).close();

        assertThat(first).matches("[0-9a-f]{64}\n");
        assertThat(pepper).hasContent(first.strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pepper)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
        try (var files = Files.list(data())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("keys.mv.db", "pepper");
        }
    }

    @Test
    void databaseIsPrivateInAPublicDirectory() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));

        PortalProcess.listening(data()).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("keys.mv.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void neitherKeysNorPepperAreInTheDatabaseFile() throws Exception {
        String key;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            key = (String) portal.signedIn("Admin", "north")
                    .create("Secret", "read:people")
                    .get("key");
        }
        String database = Files.readString(data().resolve("keys.mv.db"), StandardCharsets.ISO_8859_1);
        assertThat(database).contains("read:people");
        assertThat(database).doesNotContain(key.substring(3, 31));
        assertThat(database)
                .doesNotContain(Files.readString(data().resolve("pepper")).strip());
    }

    @Test
    void lostPepperIsNotReplacedWhileKeysNeedIt() throws Exception {
        Path pepper = data().resolve("pepper");
        String key;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            key = (String) portal.signedIn("Admin", "north")
                    .create("Peppered", "read:people")
                    .get("key");
        }
        Path backup = Files.move(pepper, folder.resolve("backup"));

        assertRefused(PortalProcess.launch(folder, "--port", "0", "--data", data().toString()), "pepper");
        assertThat(pepper).doesNotExist();

        Files.move(backup, pepper);
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(portal.client().withToken(key).get("/api/people").status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "zz", "00112233445566778899aabbccddeeff00112233445566778899aabbccddee"})
    void damagedPepperIsRefusedAndNotShown(String text) throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("pepper"), text);
        PortalProcess portal = PortalProcess.launch(folder, "--port", "0", "--data", data().toString());
        assertRefused(portal, "pepper");
        if (text.length() > 2) {
            assertThat(portal.err().get(0)).doesNotContain(text);
        }
        assertThat(data().resolve("pepper")).hasContent(text);
    }

    @Test
    void dataDirectoryDefaultsToTheWorkingDirectory() throws Exception {
        try (PortalProcess portal = PortalProcess.launch(folder, "--port", "0")) {
            portal.awaitListening();
            assertThat(folder.resolve("portal-data")).isDirectoryContaining("glob:**/pepper");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where the whole of 127.0.0.0/8 leads back here
    void listensOnItsOneLoopbackAddressOnly() throws Exception {
        try (PortalProcess portal = PortalProcess.listening(data());
                Socket socket = new Socket()) {
            InetSocketAddress neighbour =
                    new InetSocketAddress("127.0.0.2", portal.address().getPort());
            assertThatThrownBy(() -> socket.connect(neighbour, 5_000)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void portInUseIsRejected() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, loopback())) {
            String port = String.valueOf(taken.getLocalPort());
            assertRefused(PortalProcess.launch(folder, "--port", port, "--data", data().toString()), port);
        }
        // What had been opened was closed again.
        PortalProcess.listening(data()).close();
    }

    @Test
    void portDefaultsTo8080() throws Exception {
        try (ServerSocket socket = new ServerSocket()) {
            try {
                socket.bind(new InetSocketAddress(loopback(), 8080));
            } catch (IOException inUse) {
                // Somebody else holds it, which serves as well.
            }
            assertRefused(PortalProcess.launch(folder), "8080");
        }
    }

    @Test
    void secondPortalOnTheSameDataCannotStart() throws Exception {
        try (PortalProcess first = PortalProcess.listening(data())) {
            assertRefused(PortalProcess.launch(folder, "--port", "0", "--data", data().toString()), "in use");
            first.signedIn("Admin", "north").create("Still here", "read:people");
        }
    }

    @Test
    void impossibleDirectoryIsRejected() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        for (Path impossible : new Path[] {file, file.resolve("below")}) {
            assertRefused(
                    PortalProcess.launch(folder, "--port", "0", "--data", impossible.toString()),
                    impossible.toString());
        }
        assertThat(file).hasContent("not a folder");
    }

    @Test
    void unwritableDirectoryIsRejected() throws Exception {
        Path unwritable = Files.createDirectory(folder.resolve("unwritable"));
        assumeTrue(unwritable.toFile().setWritable(false) && !Files.isWritable(unwritable), "root can write anywhere");
        assertRefused(PortalProcess.launch(folder, "--port", "0", "--data", unwritable.toString()), "not writable");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void directoryUnwritableForRootIsRejected() throws Exception {
        assertRefused(PortalProcess.launch(folder, "--port", "0", "--data", "/proc/portal-data"), "/proc/portal-data");
    }

    @Test
    void corruptDatabaseFileIsRejected() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("keys.mv.db"), "not a database".repeat(1_000));
        assertRefused(PortalProcess.launch(folder, "--port", "0", "--data", data().toString()), "database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--prot 8080",
                "8080",
                "-h",
                "--port",
                "--port eighty",
                "--port -1",
                "--port +1",
                "--port 65536",
                "--port 99999999999",
                "--data",
                "--data a;b"
            })
    void invalidOptionIsRejected(String options) throws Exception {
        String[] words = options.split(" ");
        assertRefused(PortalProcess.launch(folder, words), words[0]);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void helpNamesTheOptions() throws Exception {
        PortalProcess portal = PortalProcess.launch(folder, "--help");
        assertThat(portal.exitCode()).isZero();
        assertThat(String.join("\n", portal.out()))
                .contains("Usage: ", "--port PORT", "--data DIR", "8080", "./portal-data");
    }

    /** One clear sentence, exit code 2, and nothing else. */
    private static void assertRefused(PortalProcess portal, String mentions) {
        assertThat(portal.exitCode()).isEqualTo(2);
        assertThat(portal.out()).isEmpty();
        assertThat(portal.err())
                .as("sentences")
                .hasSize(1)
                .first()
                .asString()
                .contains(mentions)
                .endsWith(".");
        assertThat(portal.err().get(0)).doesNotContainPattern(Pattern.compile("Exception|\\bat [a-z]+\\."));
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private Path data() {
        return folder.resolve("data");
    }
}
