package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.util.DriverDataSource;
import dev.keywright.KeyId;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Installation of the schema: concurrent, interrupted, with other prefixes, and on tables with differences. */
class InstallTest {

    private static final int NODES = 8;

    abstract static class On {

        private final TestDatabase database;
        private final SchemaFile file;
        private final int rounds;
        private DataSource source;

        On(TestDatabase database, JdbcDialect dialect, int rounds) {
            this.rounds = rounds;
            this.database = database;
            file = SchemaFile.of(Dialect.of(dialect));
        }

        @BeforeEach
        void createDatabase() throws Exception {
            source = newConnections(emptyUrl());
        }

        @Test
        void concurrentInstallationsAllSucceed() throws Exception {
            for (int round = 0; round < rounds; round++) {
                String url = emptyUrl();

                assertThat(concurrently(node -> start(newConnections(url), node)))
                        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            }
        }

        @Test
        void interruptedInstallationIsCompleted() throws Exception {
            List<String> statements = file.statements();
            for (int done = 0; done <= statements.size(); done++) {
                DataSource crashed = newConnections(emptyUrl());
                H2.run(crashed, statements.subList(0, done).toArray(String[]::new));

                assertThat(start(crashed, 1)).isOne();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"keywright_use_", "portal_", "p", "a_prefix_of_thirty_characters_"})
        void tablesWithDifferentPrefixesAreIndependent(String prefix) throws Exception {
            JdbcOptions options = JdbcOptions.defaults().tablePrefix(prefix);
            JdbcSchema.install(source);
            JdbcSchema.install(source, options);
            JdbcKeyStore one = JdbcKeyStore.on(source);
            JdbcKeyStore other = JdbcKeyStore.on(source, options);

            one.insert(Samples.key("mine", 1), UNLIMITED, NOW);
            exercise(other, 1);
            other.revokeAll(NORTH, REVOCATION);

            assertThat(one.find(NORTH, KeyId.of("key1")).key()).isEmpty();
            assertThat(one.findByDigest(Samples.digest(1))
                            .key()
                            .orElseThrow()
                            .key()
                            .revocation())
                    .isEmpty();
            assertThat(one.revoke(NORTH, KeyId.of("missing"), REVOCATION).revision())
                    .isEqualTo(2);
            assertThat(H2.number(source, "SELECT COUNT(*) FROM " + prefix + "key"))
                    .isOne();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "ALTER TABLE keywright_key DROP COLUMN scopes | the table keywright_key has no column scopes",
                    "ALTER TABLE keywright_usage DROP COLUMN expiry_warning_millis | the table keywright_usage has no"
                            + " column expiry_warning_millis",
                    "ALTER TABLE keywright_coherence DROP COLUMN marks | the table keywright_coherence has no column"
                            + " marks",
                    "ALTER TABLE keywright_key DROP COLUMN scopes; DELETE FROM keywright_coherence"
                            + " | the table keywright_key has no column scopes",
                    "ALTER TABLE keywright_key DROP COLUMN predecessor;"
                            + " ALTER TABLE keywright_key ADD COLUMN predecessor TEXT"
                            + " | the column predecessor of the table keywright_key is not binary",
                    "UPDATE keywright_coherence SET schema_version = 0"
                            + " | the table keywright_coherence has the schema version 0, required is 1",
                    "UPDATE keywright_coherence SET schema_version = 7; ALTER TABLE keywright_key DROP COLUMN scopes"
                            + " | the table keywright_key has no column scopes"
                })
        void differentSchemaIsRefusedAndLeftUnchanged(String change, String message) throws Exception {
            JdbcSchema.install(source);
            for (String statement : change.split(";", -1)) {
                H2.run(source, statement);
            }
            List<String> before = describeSchema();

            Stream.<Runnable>of(() -> JdbcSchema.install(source), () -> JdbcKeyStore.on(source))
                    .forEach(start -> assertThatIllegalStateException()
                            .isThrownBy(start::run)
                            .withMessageStartingWith(message + ": compare it with " + file.path()));

            assertThat(describeSchema()).isEqualTo(before);
        }

        @Test
        void missingUniqueConstraintIsRefusedAndNotAdded() throws Exception {
            String table = file.statements().get(0);
            String withoutConstraint =
                    table.replaceFirst(",\\s+(CONSTRAINT|UNIQUE KEY) keywright_key_digest[^,]*\\(digest\\)", "");
            assertThat(withoutConstraint).isNotEqualTo(table);
            H2.run(source, withoutConstraint);
            JdbcSchema.install(source);
            List<String> before = describeSchema();

            JdbcSchema.install(source);
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcKeyStore.on(source))
                    .withMessageStartingWith("the column digest of the table keywright_key is not unique");

            assertThat(describeSchema()).isEqualTo(before);
        }

        @Test
        void laterSchemaVersionIsUsedAndLeftUnchanged() throws Exception {
            JdbcSchema.install(source);
            H2.run(source, "UPDATE keywright_coherence SET schema_version = 7");
            List<String> before = describeSchema();

            JdbcSchema.install(source);

            assertThat(describeSchema()).isEqualTo(before);
            exercise(JdbcKeyStore.on(source), 1);
        }

        private String emptyUrl() throws Exception {
            String url = database.emptyUrl();
            // SQLite switches its journal mode only on the first connection, and keeps it from then on.
            H2.ask(newConnections(url), "SELECT 1");
            return url;
        }

        DataSource source() {
            return source;
        }

        /** Returns the columns, the unique columns of keys, and the schema version. */
        private List<String> describeSchema() throws Exception {
            List<String> schema = new ArrayList<>();
            try (Connection connection = source.getConnection()) {
                for (String like : List.of("keywright%", "KEYWRIGHT%")) {
                    try (ResultSet columns = connection
                            .getMetaData()
                            .getColumns(connection.getCatalog(), connection.getSchema(), like, null)) {
                        while (columns.next()) {
                            schema.add(columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME") + " "
                                    + columns.getString("TYPE_NAME"));
                        }
                    }
                }
            }
            assertThat(schema).hasSizeGreaterThan(20);
            schema.add(Database.at(source, JdbcOptions.defaults())
                            .onConnection(connection -> connection.inspector().uniqueColumns("keywright_key"))
                    + " unique");
            schema.add(H2.ask(source, "SELECT schema_version FROM keywright_coherence"));
            return schema;
        }
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2, JdbcDialect.H2, 20);
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE, JdbcDialect.SQLITE, 10);
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, JdbcDialect.POSTGRESQL, 8);
        }

        @Test
        void textColumnWithCaseInsensitiveCollationIsRefused() throws Exception {
            JdbcSchema.install(source());
            H2.run(
                    source(),
                    "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                    "ALTER TABLE keywright_key ALTER COLUMN tenant TYPE TEXT COLLATE any_case USING encode(tenant,"
                            + " 'escape')");

            assertThat(H2.ask(source(), "SELECT 'NORTH' = 'north' COLLATE any_case"))
                    .isEqualTo("t");
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcKeyStore.on(source()))
                    .withMessageStartingWith("the column tenant of the table keywright_key is not binary");
        }

        @Test
        void tablesAreFoundInSecondSchemaOfTheSearchPath() throws Exception {
            JdbcSchema.install(source());
            String second = H2.ask(source(), "SELECT current_schema()");
            String first = TestDatabase.nextName();
            H2.run(source(), "CREATE SCHEMA " + first);
            DataSource searchPath =
                    newConnections(PostgreSqlServer.shared().url() + "&currentSchema=" + first + "," + second);

            exercise(JdbcKeyStore.on(searchPath), 1);

            assertThat(H2.number(source(), "SELECT COUNT(*) FROM keywright_key"))
                    .isOne();
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, JdbcDialect.MYSQL, 5);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL, JdbcDialect.MYSQL, 5);
        }
    }

    @FunctionalInterface
    private interface Node {
        long start(int number) throws Exception;
    }

    private static List<Long> concurrently(Node node) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        try {
            CyclicBarrier start = new CyclicBarrier(NODES);
            List<Callable<Long>> nodes = IntStream.rangeClosed(1, NODES)
                    .<Callable<Long>>mapToObj(number -> () -> {
                        start.await();
                        return node.start(number);
                    })
                    .toList();
            List<Long> results = new ArrayList<>();
            for (Future<Long> result : threads.invokeAll(nodes)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Installs the schema, opens the store, and returns the revision of its first insertion. */
    private static long start(DataSource source, int node) {
        JdbcSchema.install(source);
        return JdbcKeyStore.on(source)
                .insert(Samples.key("node" + node, node), UNLIMITED, NOW)
                .revision();
    }

    /** Runs each kind of statement on a key. */
    private static void exercise(KeyStore store, int number) {
        KeyId id = KeyId.of("key" + number);
        store.insert(Samples.key(id.value(), number), UNLIMITED, NOW);
        assertThat(store.findByDigest(Samples.digest(number)).key()).isPresent();
        store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta(id.value(), 1, 0, "read:people")));
        assertThat(store.revoke(NORTH, id, REVOCATION).changed()).isTrue();
        assertThat(store.find(NORTH, id)
                        .key()
                        .orElseThrow()
                        .key()
                        .usage()
                        .orElseThrow()
                        .count())
                .isOne();
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.all(), 100))).isNotEmpty();
    }

    /** Opens a new connection for each call. */
    private static DataSource newConnections(String url) {
        return new DriverDataSource(url, null, new Properties(), null, null);
    }
}
