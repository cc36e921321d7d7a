package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Data sources and databases that a store refuses to open on, with the reason and the cure. */
@Timeout(120)
class OpeningChecksTest {

    @Nested
    class OnH2 {

        @ParameterizedTest
        @ValueSource(strings = {"STRICT", "Derby", "MSSQLServer", "Oracle"})
        void modesWithoutLimitAreRefused(String mode) {
            DataSource source = H2.installed(H2.inMemory("MODE=" + mode));

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(source))
                    .withMessageContainingAll("in the mode " + mode, "LIMIT", "open it without MODE");
        }

        @Test
        void serverIsRefused() throws Exception {
            Server server =
                    Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
            try {
                String url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:" + UUID.randomUUID();
                try (Connection keptOpen = H2.at(url).getConnection()) {
                    assertThat(keptOpen.isClosed()).isFalse();
                    DataSource source = H2.installed(H2.at(url));

                    assertThatExceptionOfType(IllegalStateException.class)
                            .isThrownBy(() -> JdbcKeyStore.on(source))
                            .withMessageContainingAll("H2 server", "silent server", "use H2 inside one process");
                }
            } finally {
                server.stop();
            }
        }

        /** The first process is the server; the second is its client, although its URL does not show it. */
        @Test
        void secondProcessOfAutoServerIsRefused(@TempDir Path folder) throws Exception {
            String url = "jdbc:h2:file:" + folder.resolve("keys") + ";AUTO_SERVER=TRUE";
            try (Connection first = H2.at(url).getConnection()) {
                JdbcSchema.install(new SingleConnection(first).source());
                Path output = folder.resolve("output");

                Process second = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                                Second.class.getName(),
                                url)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();

                assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(Files.readString(output)).contains("REFUSED the data source leads to an H2 server");
            }
        }
    }

    /** Process that opens a store. */
    static final class Second {

        private Second() {}

        public static void main(String[] args) {
            try {
                JdbcKeyStore.on(H2.at(args[0]));
            } catch (IllegalStateException e) {
                System.out.println("REFUSED " + e.getMessage());
            }
        }
    }

    @Nested
    class BehindSpring {

        private final DataSource target = H2.installed(H2.inMemory());

        @Test
        void transactionAwareProxyIsRefusedInsideAndOutsideATransaction() {
            DataSource proxy = new TransactionAwareDataSourceProxy(target);

            assertRefused(proxy);
            new TransactionTemplate(new DataSourceTransactionManager(target))
                    .executeWithoutResult(transaction -> assertRefused(proxy));
        }

        @Test
        void lazyProxyIsRefused() {
            assertRefused(new LazyConnectionDataSourceProxy(target));
        }

        @Test
        void sharedConnectionIsRefused() throws SQLException {
            try (Connection connection = target.getConnection()) {
                assertRefused(new SingleConnectionDataSource(connection, true));
            }
        }

        @Test
        void wrappedProxyIsRefused() {
            assertRefused(new DelegatingDataSource(new TransactionAwareDataSourceProxy(target)));
            assertRefused(InterceptedDataSource.onConnections(
                    new TransactionAwareDataSourceProxy(target), (method, args, real) -> real.call()));
        }

        @Test
        void targetOfAProxyIsAccepted() {
            assertThat(JdbcKeyStore.on(new DelegatingDataSource(target))).isNotNull();
        }

        private static void assertRefused(DataSource source) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(source))
                    .withMessageContainingAll("proxy of Spring's", "could miss a revocation", "getTargetDataSource()");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(
                            () -> JdbcKeyStore.on(source, JdbcOptions.defaults().dialect(JdbcDialect.H2)));
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql {

        @Test
        void latin1DatabaseIsRefused() throws Exception {
            String url = PostgreSqlServer.shared().url();
            String name = "latin_" + TestDatabase.nextName();
            try (Connection connection = DriverManager.getConnection(url)) {
                connection
                        .createStatement()
                        .execute("CREATE DATABASE " + name
                                + " ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
            }
            try (HikariDataSource pool = TestDatabase.pool(url.replace("/postgres?", "/" + name + "?"))) {
                JdbcSchema.install(pool);

                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> JdbcKeyStore.on(pool))
                        .withMessageContainingAll("encoding LATIN1", "revocations could fail", "ENCODING 'UTF8'");
            }
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb {

        /** The driver of MariaDB itself refuses such a connection. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "characterEncoding=ISO-8859-1 | SELECT 1",
                    "connectionCollation=utf8mb3_general_ci | SELECT 1",
                    "connectTimeout=5000 | SET character_set_client = latin1",
                    "connectTimeout=5000 | SET character_set_results = latin1",
                    "connectTimeout=5000 | SET NAMES latin1"
                })
        void lossyConnectionIsRefused(String setting, String init) throws Exception {
            try (HikariDataSource sound = TestDatabase.MARIADB_MYSQL.pool();
                    HikariDataSource pool = TestDatabase.pool(sound.getJdbcUrl() + "&" + setting, init)) {
                JdbcSchema.install(sound);

                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> JdbcKeyStore.on(pool))
                        .withMessageContainingAll("change characters of text", "remove characterEncoding");
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = TestDatabase.class,
                names = {"MARIADB", "MARIADB_MYSQL"})
        void latin1ColumnIsRefused(TestDatabase database) throws Exception {
            try (HikariDataSource pool = database.pool()) {
                JdbcSchema.install(pool);
                H2.run(pool, "ALTER TABLE keywright_key MODIFY revoked_reason VARCHAR(400) CHARACTER SET latin1");

                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> JdbcKeyStore.on(pool))
                        .withMessageContainingAll(
                                "revoked_reason of the table keywright_key has the character set latin1",
                                "CONVERT TO CHARACTER SET utf8mb4");
            }
        }

        /** Intercepts the queries of the settings: there is no cluster. */
        @ParameterizedTest
        @ValueSource(ints = {0, 2, 6})
        void clusterWithLaggingReadsIsRefused(int wait) throws Exception {
            try (HikariDataSource pool = TestDatabase.MARIADB.pool()) {
                JdbcSchema.install(pool);

                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> JdbcKeyStore.on(galera(pool, wait)))
                        .withMessageContainingAll(
                                "Galera", "wsrep_sync_wait = " + wait, "sessionVariables=wsrep_sync_wait=1");
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 7})
        void clusterWithSynchronousReadsIsAccepted(int wait) throws Exception {
            try (HikariDataSource pool = TestDatabase.MARIADB.pool()) {
                JdbcSchema.install(pool);

                assertThat(JdbcKeyStore.on(galera(pool, wait))).isNotNull();
            }
        }

        private static DataSource galera(DataSource pool, int wait) {
            return InterceptedDataSource.onConnections(pool, (method, args, real) -> {
                if (method.equals("prepareStatement") && args != null) {
                    args[0] = String.valueOf(args[0])
                            .replace("SHOW SESSION VARIABLES LIKE 'wsrep_on'", "SELECT 'wsrep_on', 'ON'")
                            .replace(
                                    "SHOW SESSION VARIABLES LIKE 'wsrep_sync_wait'",
                                    "SELECT 'wsrep_sync_wait', '" + wait + "'");
                }
                return real.call();
            });
        }
    }

    @Test
    void missingSchemaFileIsReported() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SchemaFile.read("META-INF/keywright/jdbc/none/V1__none.sql"))
                .withMessageContainingAll(
                        "the resource META-INF/keywright/jdbc/none/V1__none.sql",
                        "is missing",
                        "shaded",
                        "native image");
    }
}
