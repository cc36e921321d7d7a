package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.ChangeFeed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store runs with the privileges in docs/databases.md alone. */
class LeastRightsTest {

    private static final List<String> GRANTS = List.of(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON keywright_key TO %s",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON keywright_usage TO %s",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON keywright_tenant TO %s",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON keywright_eviction TO %s",
            "GRANT SELECT, UPDATE ON keywright_coherence TO %s");

    @Test
    @Tag("postgresql")
    void storeWorksWithRowPrivilegesOnPostgreSql() throws Exception {
        String user = TestDatabase.nextName();
        String url = TestDatabase.POSTGRESQL.emptyUrl();
        String schema = url.substring(url.lastIndexOf('=') + 1);
        try (HikariDataSource owner = TestDatabase.pool(url)) {
            JdbcSchema.install(owner);
            H2.run(owner, "CREATE ROLE " + user + " LOGIN", "GRANT USAGE ON SCHEMA " + schema + " TO " + user);
            grant(owner, user);

            assertStoreWorksWithoutCreatingTables(url.replace("user=postgres", "user=" + user));
        }
    }

    @Test
    @Tag("mariadb")
    void storeWorksWithRowPrivilegesOnMariaDb() throws Exception {
        String user = TestDatabase.nextName();
        try (MariaDbServer server = MariaDbServer.start();
                HikariDataSource owner = TestDatabase.pool(
                        server.url("mariadb", "portal").replace("?", "?createDatabaseIfNotExist=true&"))) {
            JdbcSchema.install(owner);
            // Switches access control on.
            H2.run(owner, "FLUSH PRIVILEGES");
            // Without the user on localhost, the anonymous user of localhost would match first.
            for (String host : List.of("'%'", "localhost")) {
                H2.run(owner, "CREATE USER " + user + "@" + host + " IDENTIFIED BY 'word'");
                grant(owner, user + "@" + host);
            }

            for (String driver : List.of("mariadb", "mysql")) {
                assertStoreWorksWithoutCreatingTables(
                        server.url(driver, "portal").replace("user=root", "user=" + user + "&password=word"));
            }
        }
    }

    @Test
    @Tag("postgresql")
    void installationFailsWithoutThePrivilegeToCreateTables() throws Exception {
        String user = TestDatabase.nextName();
        String url = TestDatabase.POSTGRESQL.emptyUrl();
        try (HikariDataSource owner = TestDatabase.pool(url)) {
            H2.run(owner, "CREATE ROLE " + user + " LOGIN");
        }
        try (HikariDataSource running = TestDatabase.pool(url.replace("user=postgres", "user=" + user))) {
            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> JdbcSchema.install(running));
        }
    }

    private static void grant(HikariDataSource owner, String user) throws SQLException {
        for (String grant : GRANTS) {
            H2.run(owner, grant.formatted(user));
        }
    }

    private static void assertStoreWorksWithoutCreatingTables(String url) {
        try (HikariDataSource running = TestDatabase.pool(url)) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> H2.run(running, "CREATE TABLE other (id INT)"));
            assertStoreWorks(running);
        }
    }

    private static void assertStoreWorks(HikariDataSource running) {
        JdbcSchema.install(running);
        JdbcKeyStore store = JdbcKeyStore.on(running);
        store.insert(Samples.stored(Samples.key("first").expiresAt(NOW.plusSeconds(60)), 1), ofTenant(5), NOW);
        store.insertAll(Samples.candidates(Samples.keys(10, 12)));
        store.insert(Samples.key("second", 2), UNLIMITED, NOW);
        assertThat(store.findByDigest(Samples.digest(1)).key()).isPresent();
        store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 1, 0, "read:people")));
        assertThat(store.usageStore().orElseThrow().claimExpiring(NOW, Duration.ofSeconds(100), 5))
                .hasSize(1);
        assertThat(store.revoke(NORTH, KeyId.of("first"), REVOCATION).changed()).isTrue();
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.all(), 10))).hasSize(4);
        assertThat(store.countByOrigin(NOW)).isNotEmpty();
        assertThat(store.revokeAll(NORTH, REVOCATION).changed()).isEqualTo(3);
        assertThat(store.purge(NOW.plusSeconds(1000), 10).changed()).isEqualTo(4);
        store.insertAll(Samples.candidates(Samples.keys(10, 13)));
        assertThat(store.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 1).changed())
                .isEqualTo(1);
        assertThat(store.purgeTenant(NORTH, 10).changed()).isEqualTo(3);
        try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(250))) {
            store.forgetEvictions(feed.poll(0, 501).head());
        }
    }
}
