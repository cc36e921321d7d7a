package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 databases in files: crashes, interrupts, and warnings about their settings. */
class JdbcKeyStoreCrashTest {

    private static final int CRASHED = 9;

    @TempDir
    Path folder;

    @Test
    void revocationSurvivesACrashWithoutWriteDelay() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("keys") + ";WRITE_DELAY=0";
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crash.class.getName(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isEqualTo(CRASHED);

        assertThat(JdbcKeyStore.on(H2.at(url))
                        .findByDigest(Samples.digest(1))
                        .key()
                        .orElseThrow()
                        .key()
                        .revocation())
                .contains(REVOCATION);
    }

    @Test
    void interruptDoesNotCloseAnAsynchronousFile() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:async:" + folder.resolve("keys") + ";WRITE_DELAY=0");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcKeyStore store = JdbcKeyStore.on(H2.installed(pool));
            for (int i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                try {
                    store.insert(Samples.key("interrupted" + i, i), UNLIMITED, NOW);
                } finally {
                    assertThat(Thread.interrupted()).isTrue();
                }
                assertThat(store.findByDigest(Samples.digest(i)).key()).isPresent();
            }
        }
    }

    @Test
    void synchronousFileIsWarnedOf() throws Exception {
        DataSource plain = H2.installed(H2.at("jdbc:h2:" + folder.resolve("plain") + ";WRITE_DELAY=0"));
        DataSource async = H2.installed(H2.at("jdbc:h2:async:" + folder.resolve("async") + ";WRITE_DELAY=0"));

        assertThat(TestLog.during(() -> JdbcKeyStore.on(plain)))
                .contains("WARN")
                .contains("jdbc:h2:async:");
        assertThat(TestLog.during(() -> JdbcKeyStore.on(async))).doesNotContain("jdbc:h2:async:");
        assertThat(TestLog.during(() -> JdbcKeyStore.on(H2.installed(H2.inMemory()))))
                .doesNotContain("jdbc:h2:async:");
    }

    @Test
    void writeDelayIsWarnedOf() throws Exception {
        DataSource late = H2.installed(H2.at("jdbc:h2:file:" + folder.resolve("late") + ";WRITE_DELAY=123"));
        DataSource immediate = H2.installed(H2.at("jdbc:h2:file:" + folder.resolve("immediate") + ";WRITE_DELAY=0"));
        DataSource inMemory = H2.installed(H2.inMemory());

        assertThat(TestLog.during(() -> JdbcKeyStore.on(late)))
                .contains("WARN")
                .contains("up to 123 ms after a commit")
                .contains("WRITE_DELAY=0");
        assertThat(TestLog.during(() -> JdbcKeyStore.on(immediate))).doesNotContain("ms after a commit");
        assertThat(TestLog.during(() -> JdbcKeyStore.on(inMemory))).doesNotContain("ms after a commit");
    }

    /** Process that halts as soon as a revocation has returned. */
    static final class Crash {

        private Crash() {}

        public static void main(String[] args) throws Exception {
            DataSource source = H2.installed(H2.at(args[0]));
            // Kept open, since closing the last connection would close the database and write its file.
            try (var open = source.getConnection()) {
                JdbcKeyStore store = JdbcKeyStore.on(source);
                store.insert(Samples.key("first", 1), UNLIMITED, NOW);
                store.revoke(NORTH, KeyId.of("first"), REVOCATION);
                Runtime.getRuntime().halt(open.isClosed() ? 1 : CRASHED);
            }
        }
    }
}
