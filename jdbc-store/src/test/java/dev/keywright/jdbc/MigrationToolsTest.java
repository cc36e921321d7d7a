package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flyway and Liquibase run the schema file unchanged, from a jar, beside the migrations of the host. */
class MigrationToolsTest {

    abstract static class On {

        private final TestDatabase database;
        private final String folder;
        private HikariDataSource pool;
        private URLClassLoader jar;

        @TempDir
        Path temporary;

        On(TestDatabase database, JdbcDialect dialect) {
            this.database = database;
            this.folder = Dialect.of(dialect).folder();
        }

        /** Opens a database that already has a table of the host. */
        @BeforeEach
        void open() throws Exception {
            pool = database.pool();
            H2.run(pool, "CREATE TABLE portal_person (id INT PRIMARY KEY)");
            Path file = temporary.resolve("keywright-jdbc-store.jar");
            pack(file, folder + "/V1__keywright.sql", "liquibase/changelog.xml");
            jar = new URLClassLoader(new URL[] {file.toUri().toURL()}, null);
        }

        @AfterEach
        void close() throws IOException {
            pool.close();
            jar.close();
        }

        @Test
        void flywayInstallsBesideTheHistoryOfTheHost() throws Exception {
            H2.run(pool, "CREATE TABLE flyway_schema_history (of_the_host INT)");

            assertThat(flyway().load().migrate().migrationsExecuted).isOne();

            assertInstalled();
            assertThat(flyway().load().migrate().migrationsExecuted).isZero();
        }

        @Test
        void liquibaseInstalls() throws Exception {
            liquibase();

            assertInstalled();
            liquibase();
            assertThat(H2.number(pool, "SELECT COUNT(*) FROM keywright_key")).isOne();
        }

        /** The configuration in docs/databases.md. */
        private FluentConfiguration flyway() {
            return Flyway.configure(jar)
                    .dataSource(pool)
                    .locations("classpath:" + folder)
                    .table("keywright_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0");
        }

        private void liquibase() throws Exception {
            // Closing it closes the connection.
            liquibase.database.Database opened = DatabaseFactory.getInstance()
                    .findCorrectDatabaseImplementation(new JdbcConnection(pool.getConnection()));
            try (Liquibase liquibase =
                    new Liquibase("liquibase/changelog.xml", new ClassLoaderResourceAccessor(jar), opened)) {
                liquibase.update("");
            }
        }

        private void assertInstalled() throws Exception {
            List<String> executed = new ArrayList<>();
            DataSource observed = InterceptedDataSource.onConnections(pool, (method, args, real) -> {
                if (method.equals("createStatement")) {
                    executed.add(method);
                }
                return real.call();
            });
            JdbcSchema.install(observed);
            assertThat(executed).isEmpty();
            JdbcKeyStore store = JdbcKeyStore.on(pool);
            store.insert(Samples.key("first", 1), UNLIMITED, NOW);
            assertThat(store.findByDigest(Samples.digest(1)).key()).isPresent();
        }

        private static void pack(Path file, String... names) throws IOException {
            try (OutputStream out = Files.newOutputStream(file);
                    JarOutputStream packed = new JarOutputStream(out)) {
                for (String name : names) {
                    packed.putNextEntry(new JarEntry(name));
                    try (InputStream in =
                            Objects.requireNonNull(MigrationToolsTest.class.getResourceAsStream("/" + name))) {
                        in.transferTo(packed);
                    }
                }
            }
        }
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2, JdbcDialect.H2);
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE, JdbcDialect.SQLITE);
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, JdbcDialect.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, JdbcDialect.MYSQL);
        }
    }
}
