package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Start, rejected start, restart and crash of the packaged portal. Each kind of failure is tested once in a process; {@link
 * OptionsTest} and {@link DataFilesTest} have the other cases.
 */
class PortalStartIT {

    @TempDir
    Path directory;

    @Test
    void printsAddressAndSessionTokensOnly() throws Exception {
        PortalProcess portal = PortalProcess.listening(data());
        portal.stop();
        assertThat(portal.out()).hasSize(6);
        assertThat(portal.out().get(0)).matches("Listening on http://127\\.0\\.0\\.1:[1-9][0-9]*/");
        assertThat(portal.out().get(1)).matches("session token for Admin in district north: [0-9a-f]{64}");
        assertThat(portal.out().get(2)).matches("session token for Office in district north: [0-9a-f]{64}");
        assertThat(portal.out().get(3)).matches("session token for Teacher in district north: [0-9a-f]{64}");
        assertThat(portal.out().get(4)).matches("session token for Mentor in district north: [0-9a-f]{64}");
        assertThat(portal.out().get(5)).matches("session token for Admin in district south: [0-9a-f]{64}");
        assertThat(portal.err()).isEmpty();
        assertThat(data().toFile().list()).containsExactlyInAnyOrder("keys.mv.db", "pepper");
    }

    @Test
    void keysAndUsageSurviveRestartSessionsDoNot() throws Exception {
        String oldSession;
        String active;
        String revoked;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            Client admin = portal.signedIn("Admin", "north");
            oldSession = portal.sessionToken("Admin", "north");
            active = (String) admin.create("Active", "read:people").get("key");
            revoked = createAndRevoke(admin);
            assertThat(statusOf(portal, active)).isEqualTo(200);
        }
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(portal.signedIn("Admin", "north").get("/api/keys").objects())
                    .singleElement()
                    .satisfies(key -> assertThat(key).containsKey("last_used_at"));
            assertThat(portal.signedIn("Admin", "south").keys()).isEmpty();
            assertThat(statusOf(portal, active)).isEqualTo(200);
            assertThat(statusOf(portal, revoked)).isEqualTo(401);
            assertThat(statusOf(portal, oldSession)).isEqualTo(401);
        }
    }

    @Test
    void acknowledgedWritesSurviveAKill() throws Exception {
        String active;
        String revoked;
        try (PortalProcess portal = PortalProcess.listening(data())) {
            Client admin = portal.signedIn("Admin", "north");
            active = (String) admin.create("Active", "read:people").get("key");
            revoked = createAndRevoke(admin);
            portal.kill();
        }
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(statusOf(portal, active)).isEqualTo(200);
            assertThat(statusOf(portal, revoked)).isEqualTo(401);
        }
    }

    @Test
    void lostPepperIsNotReplacedWhileKeysNeedIt() throws Exception {
        PreparedKeys prepared = PreparedKeys.in(data());
        Path pepper = data().resolve("pepper");
        Path backup = Files.move(pepper, directory.resolve("backup"));

        assertRejected("pepper", "--port", "0", "--data", data().toString());
        assertThat(pepper).doesNotExist();

        Files.move(backup, pepper);
        try (PortalProcess portal = PortalProcess.listening(data())) {
            assertThat(statusOf(portal, prepared.expiring().secret().reveal())).isEqualTo(200);
        }
    }

    @Test
    void damagedPepperIsRejected() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("pepper"), "abc");
        assertRejected("pepper", "--port", "0", "--data", data().toString());
    }

    @Test
    void portInUseIsRejected() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String port = String.valueOf(socket.getLocalPort());
            assertRejected(port, "--port", port, "--data", data().toString());
        }
    }

    @Test
    void secondPortalOnTheSameDataIsRejected() throws Exception {
        try (HikariDataSource database = Database.open(DataDirectory.open(data()))) {
            assertRejected("in use", "--port", "0", "--data", data().toString());
            database.getConnection().close();
        }
    }

    @Test
    void fileInPlaceOfTheDirectoryIsRejected() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertRejected(file.toString(), "--port", "0", "--data", file.toString());
    }

    @Test
    void invalidOptionIsRejected() throws Exception {
        assertRejected("--prot", "--prot", "8080");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void helpExitsWithZero() throws Exception {
        PortalProcess portal = PortalProcess.launch(directory, "--help");
        assertThat(portal.exitCode()).isZero();
        assertThat(String.join("\n", portal.out()) + "\n").isEqualTo(Options.USAGE);
    }

    /** Asserts exit code 2 and one sentence on standard error, without a stack trace. */
    private void assertRejected(String mentioned, String... options) throws IOException {
        PortalProcess portal = PortalProcess.launch(directory, options);
        assertThat(portal.exitCode()).isEqualTo(2);
        assertThat(portal.out()).isEmpty();
        assertThat(portal.err())
                .singleElement()
                .asString()
                .contains(mentioned)
                .endsWith(".")
                .doesNotContainPattern(Pattern.compile("Exception|\\bat [a-z]+\\."));
    }

    private static String createAndRevoke(Client admin) {
        Map<String, Object> created = admin.create("Revoked", "read:people");
        admin.delete("/api/keys/" + created.get("id"));
        return (String) created.get("key");
    }

    private static int statusOf(PortalProcess portal, String token) {
        return portal.client().withToken(token).get("/api/people").status();
    }

    private Path data() {
        return directory.resolve("data");
    }
}
