package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Text is exact to the byte and instants to the millisecond, whatever the collation and the time zone of the database. */
class ExactnessTest {

    /** Texts each of which some collation, padding or terminator treats as equal to a neighbour. */
    private static final List<String> ALIKE = List.of(
            "i", "I", "\u0131", "\u0130", "i\u0307", "i ", "i  ", " i", "\u00ef", "\u00cf", "i\u0308", "I\u0308", "ss",
            "\u00df", "\u1e9e", "k", "\u212a", "\uff49", "i\u200b", "i\u00ad");

    /** The same texts, and some with characters that a tenant may not have, as the end of a digest. */
    private static final List<String> ALIKE_AT_THE_END = List.of(
            "i", "I", "i\0", "I\0", "\0i", "\0", "\0\0", " ", "  ", "i ", "\u0131", "\u0130", "\u00ef", "\u00cf",
            "i\u0308", "%", "_");

    /** The hour that is skipped when daylight saving time starts in New York, and both hours when it ends. */
    private static final List<Instant> AROUND_CHANGES = List.of(
            Instant.parse("2025-03-09T06:59:59.999Z"),
            Instant.parse("2025-03-09T07:00:00.000Z"),
            Instant.parse("2025-03-09T07:30:00.001Z"),
            Instant.parse("2025-11-02T05:30:00.123Z"),
            Instant.parse("2025-11-02T06:30:00.123Z"),
            Instant.parse("2038-01-19T03:14:08.000Z"));

    private static final String NEW_YORK = "America/New_York";

    abstract static class On {

        private final TimeZone before = TimeZone.getDefault();

        /** Opens an empty database with a session in the time zone of New York, or its winter offset. */
        abstract HikariDataSource inNewYork() throws Exception;

        /** Returns whether the database treats a text as equal to its upper case, or to the text with trailing blanks. */
        abstract String treatsAsEqual(DataSource source) throws Exception;

        @AfterEach
        void restoreTimeZone() {
            TimeZone.setDefault(before);
        }

        @Test
        void similarTenantsAreDistinct() throws Exception {
            try (HikariDataSource pool = inNewYork()) {
                KeyStore store = installed(pool);
                for (int i = 0; i < ALIKE.size(); i++) {
                    ApiKey.Builder key = Samples.key("key" + i).tenant(TenantId.of(ALIKE.get(i)));
                    assertThat(store.insert(Samples.stored(key, i), ofTenant(1), NOW)
                                    .changed())
                            .isTrue();
                }

                for (int i = 0; i < ALIKE.size(); i++) {
                    TenantId tenant = TenantId.of(ALIKE.get(i));
                    String own = "key" + i;
                    assertThat(store.list(Samples.selection(tenant, KeyQuery.all(), 100)))
                            .extracting(key -> key.key().id().value())
                            .containsExactly(own);
                    assertThat(IntStream.range(0, ALIKE.size())
                                    .filter(other -> store.find(tenant, KeyId.of("key" + other))
                                            .key()
                                            .isPresent()))
                            .containsExactly(i);
                    assertThat(store.find(tenant, KeyId.of(own))
                                    .key()
                                    .orElseThrow()
                                    .key()
                                    .tenant())
                            .isEqualTo(tenant);
                    assertThat(store.revokeAll(tenant, REVOCATION).changed()).isOne();
                }
            }
        }

        @Test
        void idsAreCaseSensitive() throws Exception {
            try (HikariDataSource pool = inNewYork()) {
                KeyStore store = installed(pool);
                store.insert(Samples.key("Id", 1), UNLIMITED, NOW);
                store.insert(Samples.key("iD", 2), UNLIMITED, NOW);

                assertThat(store.find(Samples.NORTH, KeyId.of("id")).key()).isEmpty();
                assertThat(store.find(Samples.NORTH, KeyId.of("ID")).key()).isEmpty();
                assertThat(store.revoke(Samples.NORTH, KeyId.of("ID"), REVOCATION)
                                .changed())
                        .isFalse();
                assertThat(store.find(Samples.NORTH, KeyId.of("Id"))
                                .key()
                                .orElseThrow()
                                .digest())
                        .isEqualTo(Samples.digest(1));
                assertThat(store.find(Samples.NORTH, KeyId.of("iD"))
                                .key()
                                .orElseThrow()
                                .digest())
                        .isEqualTo(Samples.digest(2));
                store.usageStore()
                        .orElseThrow()
                        .recordUsage(List.of(Samples.delta("Id", 3, 0), Samples.delta("id", 5, 0)));
                assertThat(store.find(Samples.NORTH, KeyId.of("Id"))
                                .key()
                                .orElseThrow()
                                .key()
                                .usage())
                        .map(KeyUsage::count)
                        .contains(3L);
            }
        }

        @Test
        void similarDigestsAreDistinct() throws Exception {
            try (HikariDataSource pool = inNewYork()) {
                KeyStore store = installed(pool);
                List<Digest> digests =
                        ALIKE_AT_THE_END.stream().map(On::endingIn).toList();
                assertThat(digests).doesNotHaveDuplicates();
                for (int i = 0; i < digests.size(); i++) {
                    if (i % 2 == 0) {
                        ApiKey key = Samples.key("key" + i).build();
                        store.insert(StoredKey.unsaved(key, digests.get(i), Samples.PEPPER, "ck_"), UNLIMITED, NOW);
                    }
                }

                for (int i = 0; i < digests.size(); i++) {
                    assertThat(store.findByDigest(digests.get(i))
                                    .key()
                                    .map(key -> key.key().id().value())
                                    .orElse("none"))
                            .isEqualTo(i % 2 == 0 ? "key" + i : "none");
                }
            }
        }

        @Test
        void databaseTreatsSimilarTextsAsEqual() throws Exception {
            try (HikariDataSource pool = inNewYork()) {
                assertThat(treatsAsEqual(pool)).isIn("1", "t", "TRUE");
            }
        }

        @Test
        void instantsAreIndependentOfTimeZoneAndDaylightSaving() throws Exception {
            try (HikariDataSource pool = inNewYork()) {
                KeyStore store = installed(pool);
                TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Apia"));
                for (int i = 0; i < AROUND_CHANGES.size(); i++) {
                    write(store, "key" + i, i, AROUND_CHANGES.get(i));
                }

                for (String zone : List.of("Pacific/Apia", NEW_YORK, "UTC")) {
                    TimeZone.setDefault(TimeZone.getTimeZone(zone));
                    pool.getHikariPoolMXBean().softEvictConnections();
                    for (int i = 0; i < AROUND_CHANGES.size(); i++) {
                        Instant at = AROUND_CHANGES.get(i);
                        ApiKey key = store.find(Samples.NORTH, KeyId.of("key" + i))
                                .key()
                                .orElseThrow()
                                .key();
                        assertThat(key.createdAt()).isEqualTo(at);
                        assertThat(key.expiresAt()).contains(at.plusSeconds(3600));
                        assertThat(key.revocation()).map(Revocation::at).contains(at.plusMillis(2));
                        assertThat(key.usage()).map(KeyUsage::lastUsedAt).contains(at.plusMillis(1));
                    }
                    assertThat(store.list(Samples.selection(Samples.NORTH, KeyQuery.all(), 100)))
                            .extracting(key -> key.key().createdAt())
                            .isEqualTo(AROUND_CHANGES);
                }
            }
        }

        private static void write(KeyStore store, String id, int number, Instant at) {
            ApiKey.Builder key = Samples.key(id).createdAt(at).expiresAt(at.plusSeconds(3600));
            store.insert(Samples.stored(key, number), UNLIMITED, at);
            KeyUsage usage = new KeyUsage(at.plusMillis(1), 1, Set.of());
            store.usageStore().orElseThrow().recordUsage(List.of(new UsageDelta(Samples.NORTH, KeyId.of(id), usage)));
            Revocation revocation = new Revocation(at.plusMillis(2), REVOCATION.by(), REVOCATION.reason());
            store.revoke(Samples.NORTH, KeyId.of(id), revocation);
        }

        private static Digest endingIn(String text) {
            byte[] bytes = new byte[Digest.LENGTH];
            Arrays.fill(bytes, (byte) 'x');
            byte[] end = text.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(end, 0, bytes, bytes.length - end.length, end.length);
            return Digest.of(bytes);
        }

        private static KeyStore installed(DataSource source) {
            JdbcSchema.install(source);
            return JdbcKeyStore.on(source);
        }
    }

    @Nested
    class OnH2 extends On {
        @Override
        HikariDataSource inNewYork() throws Exception {
            String settings = ";IGNORECASE=TRUE;TIME ZONE=" + NEW_YORK;
            HikariDataSource pool = TestDatabase.pool(TestDatabase.H2.emptyUrl() + settings);
            H2.run(pool, "SET COLLATION TURKISH STRENGTH PRIMARY");
            return pool;
        }

        @Override
        String treatsAsEqual(DataSource source) throws Exception {
            return H2.ask(source, "SELECT CAST('e' AS VARCHAR_IGNORECASE) = '\u00c9'");
        }
    }

    @Nested
    class OnSqlite extends On {
        @Override
        HikariDataSource inNewYork() throws Exception {
            return TestDatabase.SQLITE.pool();
        }

        /** SQLite compares bytes by default, and has no time zone. */
        @Override
        String treatsAsEqual(DataSource source) throws Exception {
            return H2.ask(source, "SELECT 'i' = 'I' COLLATE NOCASE");
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        /** Text sorts case-insensitively here. In PostgreSQL only the collation of a column can make different texts equal. */
        @Override
        HikariDataSource inNewYork() throws Exception {
            String name = TestDatabase.nextName();
            String server = PostgreSqlServer.shared().url();
            try (HikariDataSource pool = TestDatabase.pool(server)) {
                H2.run(
                        pool,
                        "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
                                + " LOCALE_PROVIDER icu ICU_LOCALE 'und-u-ks-level1'");
            }
            return pool(server.replace("/postgres?", "/" + name + "?"), "SET TIME ZONE '" + NEW_YORK + "'");
        }

        @Override
        String treatsAsEqual(DataSource source) throws Exception {
            return H2.ask(
                    source, "SELECT 'ia' > 'I' AND 'ia' < 'Ib' AND current_setting('TimeZone') = '" + NEW_YORK + "'");
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        @Override
        HikariDataSource inNewYork() throws Exception {
            return onMariaDb("mariadb");
        }

        @Override
        String treatsAsEqual(DataSource source) throws Exception {
            return equalOnMariaDb(source);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        @Override
        HikariDataSource inNewYork() throws Exception {
            return onMariaDb("mysql");
        }

        @Override
        String treatsAsEqual(DataSource source) throws Exception {
            return equalOnMariaDb(source);
        }
    }

    private static String equalOnMariaDb(DataSource source) throws Exception {
        H2.run(source, "CREATE TABLE text_of_the_host (text VARCHAR(9))", "INSERT INTO text_of_the_host VALUES ('i')");
        return H2.ask(
                source,
                "SELECT text = 'I ' AND text = '\u00ef' AND @@session.time_zone = '-05:00' FROM text_of_the_host");
    }

    private static HikariDataSource onMariaDb(String driver) throws Exception {
        String name = TestDatabase.nextName();
        try (HikariDataSource pool = TestDatabase.pool(MariaDbServer.shared().url(driver, ""))) {
            H2.run(pool, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        }
        // Names of time zones require the time zone tables.
        return pool(MariaDbServer.shared().url(driver, name), "SET time_zone = '-05:00'");
    }

    private static HikariDataSource pool(String url, String firstOfAll) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setConnectionInitSql(firstOfAll);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }
}
