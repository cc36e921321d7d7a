package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary with a synchronous standby, and the loss of the primary. */
@Tag("postgresql")
@Timeout(120)
class StandbyTest {

    private static final int MAX_ATTEMPTS = 60;

    @TempDir
    Path folder;

    private EmbeddedPostgres primary;
    private EmbeddedPostgres standby;

    @BeforeEach
    void startBoth() throws Exception {
        primary = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("primary"))
                .setServerConfig("synchronous_commit", "on")
                .start();
        standby = follower(folder.resolve("standby"));
        try (Connection connection = connection(primary);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    @AfterEach
    void stopBoth() throws IOException {
        standby.close();
        primary.close();
    }

    @Test
    void acknowledgedWritesSurviveAPromotion() throws Exception {
        try (HikariDataSource pool = pool("&targetServerType=primary", primary, standby)) {
            JdbcSchema.install(pool);
            KeyStore store = JdbcKeyStore.on(pool);
            store.insert(Samples.key("revoked", 1), UNLIMITED, NOW);
            store.insert(Samples.key("alive", 2), UNLIMITED, NOW);
            long last = store.revoke(NORTH, KeyId.of("revoked"), REVOCATION).revision();

            primary.close();
            promote();

            assertThat(eventually(store, 1).key().revocation()).contains(REVOCATION);
            assertThat(eventually(store, 2).key().revocation()).isEmpty();
            assertThat(store.revoke(NORTH, KeyId.of("alive"), REVOCATION).revision())
                    .isGreaterThan(last);
            assertThat(store.findByDigest(Samples.digest(2))
                            .key()
                            .orElseThrow()
                            .key()
                            .revocation())
                    .contains(REVOCATION);
        }
    }

    @Test
    void standbyIsRefusedAndReadOnlyWithoutItsPrimary() throws Exception {
        try (HikariDataSource both = pool("", primary, standby);
                HikariDataSource behind = pool("", standby)) {
            JdbcSchema.install(both);
            KeyStore store = JdbcKeyStore.on(both);
            store.insert(Samples.key("first", 1), UNLIMITED, NOW);

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(behind))
                    .withMessageContaining("a replica, which may lag behind");

            primary.close();

            assertThat(eventually(store, 1).key().revocation()).isEmpty();
            assertThatThrownBy(() -> store.revoke(NORTH, KeyId.of("first"), REVOCATION))
                    .isInstanceOf(StoreUnavailableException.class);
            promote();
            assertThat(store.revoke(NORTH, KeyId.of("first"), REVOCATION).changed())
                    .isTrue();
        }
    }

    /** Retries, since each attempt may get another broken connection of the pool. */
    private static StoredKey eventually(KeyStore store, int number) {
        StoreUnavailableException last = new StoreUnavailableException("not tried", null);
        for (int write = 0; write < MAX_ATTEMPTS; write++) {
            try {
                return store.findByDigest(Samples.digest(number)).key().orElseThrow();
            } catch (StoreUnavailableException e) {
                last = e;
            }
        }
        throw last;
    }

    private void promote() throws SQLException {
        try (Connection connection = connection(standby);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_promote()");
        }
    }

    /** Starts a standby from a base backup of the primary. */
    private EmbeddedPostgres follower(Path copy) throws Exception {
        Files.createDirectory(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Connection connection = connection(primary);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('copy', true)");
            copy(folder.resolve("primary"), copy);
            try (ResultSet label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(copy.resolve("backup_label"), label.getString(1));
            }
        }
        Files.createFile(copy.resolve("standby.signal"));
        return EmbeddedPostgres.builder()
                .setDataDirectory(copy)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("primary_conninfo", "'host=127.0.0.1 port=" + primary.getPort() + " user=postgres'")
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(from)) {
            all = files.filter(file -> !file.equals(from)).toList();
        }
        for (Path file : all) {
            if (!List.of("postmaster.pid", "postmaster.opts")
                            .contains(file.getFileName().toString())
                    && Files.exists(file)) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Connection connection(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres");
    }

    private static HikariDataSource pool(String parameters, EmbeddedPostgres... servers) {
        String hosts = String.join(
                ",",
                Stream.of(servers)
                        .map(server -> "127.0.0.1:" + server.getPort())
                        .toList());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://" + hosts + "/postgres?user=postgres" + parameters);
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(5000);
        return new HikariDataSource(config);
    }
}
