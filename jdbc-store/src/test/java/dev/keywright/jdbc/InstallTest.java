package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.keywright.KeyId;
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

/** Tables that are set up by many at once, after a crash, for a later version of the library, beside others, or not at all. */
class InstallTest {

    private static final int NODES = 8;

    abstract static class On {

        private final TestDatabase database;
        private final SchemaFiles first;
        private final SchemaFiles second;
        private final int rounds;
        private DataSource source;

        On(TestDatabase database, JdbcDialect dialect, int rounds) {
            this.rounds = rounds;
            this.database = database;
            first = SchemaFiles.of(Dialect.of(dialect));
            String folder = first.folder().replace("META-INF/keywright/jdbc", "upgrade");
            second = with(SchemaFiles.statements(folder + "/V2__colour.sql"));
        }

        @BeforeEach
        void empty() throws Exception {
            source = newConnections(emptyUrl());
        }

        @Test
        void nodesThatStartAtOnceOnAnEmptyDatabaseAllStart() throws Exception {
            for (int round = 0; round < rounds; round++) {
                String url = emptyUrl();

                assertThat(atOnce(node -> start(newConnections(url), first, node)))
                        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            }
        }

        @Test
        void nodesThatUpgradeAtOnceAllStart() throws Exception {
            for (int round = 0; round < rounds; round++) {
                String url = emptyUrl();
                JdbcSchema.install(newConnections(url));

                assertThat(atOnce(node -> start(newConnections(url), second, node)))
                        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
                assertSecond(newConnections(url), NODES);
            }
        }

        @Test
        void whereverACrashStoppedAnInstallationTheNextFinishesIt() throws Exception {
            List<String> all = second.after(0);
            for (int done = 0; done <= all.size(); done++) {
                DataSource crashed = newConnections(emptyUrl());
                H2.run(crashed, all.subList(0, done).toArray(String[]::new));

                assertThat(start(crashed, second, 1)).isOne();
                assertSecond(crashed, 1);
            }
        }

        @Test
        void anOldNodeGoesOnWhileANewerOneUpgradesTheTablesBeneathIt() throws Exception {
            try (HikariDataSource pool = TestDatabase.pool(emptyUrl())) {
                JdbcSchema.install(pool);
                JdbcKeyStore old = JdbcKeyStore.on(pool);
                int number = 0;
                work(old, number++);

                for (String statement : second.versions().get(1)) {
                    H2.run(pool, statement);
                    work(old, number++);
                }

                JdbcSchema.install(pool);
                work(JdbcKeyStore.on(pool), number++);
                assertSecond(pool, number);
            }
        }

        @Test
        void aNewerNodeDoesNotOpenOnTablesThatAreTooOldForIt() {
            JdbcSchema.install(source);

            assertThat(defect(second))
                    .startsWith("the tables are of version 1, and needed is 2: call JdbcSchema.install(dataSource)");
            JdbcSchema.install(at(source), second);
            assertThat(defect(second)).isEmpty();
            assertThat(defect(first)).isEmpty();
        }

        @Test
        void aColumnThatAnUpgradeAddsIsMissingBeforeItAndThere() throws Exception {
            JdbcSchema.install(source);
            H2.run(source, "ALTER TABLE keywright_usage DROP COLUMN expiry_notified_at");
            SchemaFiles adding = with(List.of(
                    "ALTER TABLE keywright_usage ADD COLUMN expiry_notified_at INTEGER",
                    "UPDATE keywright_coherence SET schema_version = 2 WHERE schema_version < 2"));
            assertThatIllegalStateException().isThrownBy(() -> JdbcSchema.install(source));

            JdbcSchema.install(at(source), adding);

            work(JdbcKeyStore.on(source), 1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"keywright_use_", "portal_", "p", "a_prefix_of_thirty_characters_"})
        void tablesWithTwoPrefixesLiveSideBySide(String prefix) throws Exception {
            JdbcOptions options = JdbcOptions.defaults().tablePrefix(prefix);
            JdbcSchema.install(source);
            JdbcSchema.install(source, options);
            JdbcKeyStore one = JdbcKeyStore.on(source);
            JdbcKeyStore other = JdbcKeyStore.on(source, options);

            one.insert(Samples.key("mine", 1), UNLIMITED, NOW);
            work(other, 1);
            other.revokeAll(NORTH, REVOCATION);

            assertThat(one.find(NORTH, KeyId.of("key1")).key()).isEmpty();
            assertThat(one.findByDigest(Samples.digest(1))
                            .key()
                            .orElseThrow()
                            .key()
                            .revocation())
                    .isEmpty();
            assertThat(one.revoke(NORTH, KeyId.of("nobody"), REVOCATION).revision())
                    .isEqualTo(2);
            assertThat(H2.number(source, "SELECT COUNT(*) FROM " + prefix + "key"))
                    .isOne();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "ALTER TABLE keywright_key DROP COLUMN scopes | the table keywright_key has no column scopes",
                    "ALTER TABLE keywright_usage DROP COLUMN expiry_notified_at | the table keywright_usage has no column expiry_notified_at",
                    "ALTER TABLE keywright_coherence DROP COLUMN marks | the table keywright_coherence has no column marks",
                    "ALTER TABLE keywright_key DROP COLUMN predecessor;"
                            + " ALTER TABLE keywright_key ADD COLUMN predecessor TEXT"
                            + " | the column predecessor of the table keywright_key does not hold bytes",
                    "UPDATE keywright_coherence SET schema_version = 0"
                            + " | the table keywright_coherence says that its version is 0",
                    "UPDATE keywright_coherence SET schema_version = 7; ALTER TABLE keywright_key DROP COLUMN scopes"
                            + " | the table keywright_key has no column scopes"
                })
        void tablesThatAreNotOursAreNamedAndLeftAsTheyAre(String change, String sentence) throws Exception {
            JdbcSchema.install(source);
            for (String statement : change.split(";", -1)) {
                H2.run(source, statement);
            }
            List<String> before = everything();

            Stream.<Runnable>of(
                            () -> JdbcSchema.install(source),
                            () -> JdbcSchema.install(at(source), second),
                            () -> JdbcKeyStore.on(source))
                    .forEach(start -> assertThatIllegalStateException()
                            .isThrownBy(start::run)
                            .withMessageStartingWith(sentence + ": compare it with the files of " + first.folder()));

            assertThat(everything()).isEqualTo(before);
        }

        @Test
        void aLostUniqueConstraintIsNamedAndNotPutBack() throws Exception {
            String table = first.after(0).get(0);
            String lax = table.replaceFirst(",\\s+(CONSTRAINT|UNIQUE KEY) keywright_key_digest[^,]*\\(digest\\)", "");
            assertThat(lax).isNotEqualTo(table);
            H2.run(source, lax);
            JdbcSchema.install(source);
            List<String> before = everything();

            JdbcSchema.install(source);
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcKeyStore.on(source))
                    .withMessageStartingWith("the column digest of the table keywright_key is not unique");

            assertThat(everything()).isEqualTo(before);
        }

        @Test
        void tablesOfAVersionThatIsNotKnownYetAreUsedAndLeftAsTheyAre() throws Exception {
            JdbcSchema.install(source);
            H2.run(source, "UPDATE keywright_coherence SET schema_version = 7");
            List<String> before = everything();

            JdbcSchema.install(source);

            assertThat(everything()).isEqualTo(before);
            work(JdbcKeyStore.on(source), 1);
        }

        String emptyUrl() throws Exception {
            String url = database.emptyUrl();
            // SQLite turns to its other journal only while nobody else is there; from then on it has it.
            H2.ask(newConnections(url), "SELECT 1");
            return url;
        }

        DataSource source() {
            return source;
        }

        SchemaFiles first() {
            return first;
        }

        SchemaFiles second() {
            return second;
        }

        int rounds() {
            return rounds;
        }

        private SchemaFiles with(List<String> more) {
            return new SchemaFiles(first.folder(), List.of(first.after(0), more));
        }

        private String defect(SchemaFiles files) {
            return at(source)
                    .read(loan -> new SchemaValidator(loan, files).defect())
                    .map(SchemaValidator.Defect::sentence)
                    .orElse("");
        }

        /** The tables, their columns, their indexes, and the row that says the version. */
        private List<String> everything() throws Exception {
            List<String> all = new ArrayList<>();
            try (Connection connection = source.getConnection()) {
                for (String like : List.of("keywright%", "KEYWRIGHT%")) {
                    try (ResultSet columns = connection
                            .getMetaData()
                            .getColumns(connection.getCatalog(), connection.getSchema(), like, null)) {
                        while (columns.next()) {
                            all.add(columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME") + " "
                                    + columns.getString("TYPE_NAME"));
                        }
                    }
                }
            }
            assertThat(all).hasSizeGreaterThan(20);
            all.add(at(source).read(loan -> loan.uniqueColumns("keywright_key")) + " unique");
            all.add(H2.ask(source, "SELECT schema_version FROM keywright_coherence"));
            return all;
        }
    }

    /** H2 is not one of them: it loses what is written to a table while somebody alters it. */
    abstract static class OnThatAltersTablesInUse extends On {

        OnThatAltersTablesInUse(TestDatabase database, JdbcDialect dialect, int rounds) {
            super(database, dialect, rounds);
        }

        @Test
        void nodesOfTwoVersionsThatStartAtOnceAllStart() throws Exception {
            for (int round = 0; round < rounds(); round++) {
                String url = emptyUrl();

                assertThat(atOnce(node -> start(newConnections(url), node % 2 == 0 ? first() : second(), node)))
                        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
                assertSecond(newConnections(url), NODES);
            }
        }
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2, JdbcDialect.H2, 20);
        }
    }

    @Nested
    class OnSqlite extends OnThatAltersTablesInUse {
        OnSqlite() {
            super(TestDatabase.SQLITE, JdbcDialect.SQLITE, 20);
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends OnThatAltersTablesInUse {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, JdbcDialect.POSTGRESQL, 8);
        }

        @Test
        void aTextThatTakesDifferentKeysForEqualIsNamed() throws Exception {
            JdbcSchema.install(source());
            H2.run(
                    source(),
                    "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                    "ALTER TABLE keywright_key ALTER COLUMN tenant TYPE TEXT COLLATE any_case USING encode(tenant, 'escape')");

            assertThat(H2.ask(source(), "SELECT 'NORTH' = 'north' COLLATE any_case"))
                    .isEqualTo("t");
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcKeyStore.on(source()))
                    .withMessageStartingWith("the column tenant of the table keywright_key does not hold bytes");
        }

        @Test
        void theTablesMayBeInAnotherSchemaThanTheFirstThatIsSearched() throws Exception {
            JdbcSchema.install(source());
            String tables = H2.ask(source(), "SELECT current_schema()");
            String own = TestDatabase.nextName();
            H2.run(source(), "CREATE SCHEMA " + own);
            DataSource searching =
                    newConnections(PostgreSqlServer.shared().url() + "&currentSchema=" + own + "," + tables);

            work(JdbcKeyStore.on(searching), 1);

            assertThat(H2.number(source(), "SELECT COUNT(*) FROM keywright_key"))
                    .isOne();
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends OnThatAltersTablesInUse {
        OnMariaDb() {
            super(TestDatabase.MARIADB, JdbcDialect.MYSQL, 5);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends OnThatAltersTablesInUse {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL, JdbcDialect.MYSQL, 5);
        }
    }

    /** What a node does at a time. */
    private interface Node {
        long start(int number) throws Exception;
    }

    private static List<Long> atOnce(Node node) throws Exception {
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

    /** Installs these files, opens the store, and says the revision of the first key that it inserts. */
    private static long start(DataSource source, SchemaFiles files, int node) {
        JdbcSchema.install(at(source), files);
        return JdbcKeyStore.on(source)
                .insert(Samples.key("node" + node, node), UNLIMITED, NOW)
                .revision();
    }

    /** Each kind of work, more often than drivers need to keep a statement prepared. */
    private static void work(KeyStore store, int number) {
        KeyId id = KeyId.of("key" + number);
        store.insert(Samples.key(id.value(), number), UNLIMITED, NOW);
        for (int i = 0; i < 6; i++) {
            assertThat(store.findByDigest(Samples.digest(number)).key()).isPresent();
            store.usageStore().orElseThrow().recordUsage(List.of(Samples.use(id.value(), 1, i, "read:people")));
        }
        assertThat(store.revoke(NORTH, id, REVOCATION).changed()).isTrue();
        assertThat(store.find(NORTH, id)
                        .key()
                        .orElseThrow()
                        .key()
                        .usage()
                        .orElseThrow()
                        .count())
                .isEqualTo(6);
        assertThat(store.list(NORTH, null, null, NOW, null, 100)).isNotEmpty();
    }

    /** That all that the second version has is there, also what it says of keys that an older node inserted. */
    private static void assertSecond(DataSource source, int keys) throws Exception {
        assertThat(H2.number(source, "SELECT schema_version FROM keywright_coherence"))
                .isEqualTo(2);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key WHERE colour = 'green'"))
                .isEqualTo(keys);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_note")).isZero();
    }

    private static Database at(DataSource source) {
        return Database.at(source, JdbcOptions.defaults());
    }

    /** A new connection for each call. */
    private static DataSource newConnections(String url) {
        return new DriverDataSource(url, null, new Properties(), null, null);
    }
}
