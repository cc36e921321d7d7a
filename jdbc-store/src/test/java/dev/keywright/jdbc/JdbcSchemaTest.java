package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keywright.spi.WriteResult;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcSchemaTest {

    private static final int NODES = 8;
    private static final int ROUNDS = 50;

    private final DataSource source = H2.inMemory();

    @Test
    void nodesThatStartAtOnceOnAnEmptyDatabaseAllStart() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                DataSource empty = H2.inMemory();
                CyclicBarrier start = new CyclicBarrier(NODES);
                List<Future<Long>> nodes = new ArrayList<>();
                for (int node = 0; node < NODES; node++) {
                    int number = node + 1;
                    nodes.add(threads.submit(() -> {
                        start.await();
                        JdbcSchema.install(empty);
                        return JdbcKeyStore.on(empty)
                                .insert(Samples.key("node" + number, number), UNLIMITED, NOW)
                                .revision();
                    }));
                }

                List<Long> revisions = new ArrayList<>();
                for (Future<Long> node : nodes) {
                    revisions.add(node.get());
                }
                assertThat(revisions).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
                H2.run(empty, "SHUTDOWN");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void installingAgainLosesNothing() throws Exception {
        JdbcSchema.install(source);
        H2.run(source, "UPDATE keywright_coherence SET lease_millis = 250");
        WriteResult before = JdbcKeyStore.on(source).insert(Samples.key("first", 1), UNLIMITED, NOW);

        JdbcSchema.install(source);

        WriteResult after = JdbcKeyStore.on(source).insert(Samples.key("second", 2), UNLIMITED, NOW);
        assertThat(JdbcKeyStore.on(source).findByDigest(Samples.digest(1)).key())
                .isEqualTo(before.key());
        assertThat(after.revision()).isEqualTo(before.revision() + 1);
        assertThat(after.lease()).isEqualTo(before.lease()).hasMillis(250);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE keywright_coherence",
                "DELETE FROM keywright_coherence",
                "DROP TABLE keywright_key",
                "DROP TABLE keywright_usage; DROP TABLE keywright_coherence",
                "DROP TABLE keywright_usage",
                "DROP INDEX keywright_key_listing; DROP TABLE keywright_coherence"
            })
    void whatACrashLeftUnfinishedIsFinished(String crash) throws Exception {
        JdbcSchema.install(source);
        H2.run(source, crash.split(";"));

        JdbcSchema.install(source);

        assertThat(JdbcKeyStore.on(source)
                        .insert(Samples.key("first", 1), UNLIMITED, NOW)
                        .revision())
                .isPositive();
        assertThat(
                        H2.number(
                                source,
                                "SELECT COUNT(*) FROM information_schema.indexes"
                                        + " WHERE index_name IN ('KEYWRIGHT_KEY_LISTING', 'KEYWRIGHT_KEY_HANGING', 'KEYWRIGHT_KEY_ENDED')"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DROP TABLE keywright_key | the table keywright_key is not there",
                "DROP TABLE keywright_usage | the table keywright_usage is not there",
                "DROP TABLE keywright_coherence | the table keywright_coherence is not there",
                "DELETE FROM keywright_coherence | the table keywright_coherence has no row with the id 1"
            })
    void aStoreDoesNotOpenWhereSomethingIsMissingAndSaysWhatToDo(String change, String sentence) throws Exception {
        JdbcSchema.install(source);
        H2.run(source, change);

        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcKeyStore.on(source))
                .withMessage(sentence + ": call JdbcSchema.install(dataSource), or run"
                        + " the files of META-INF/keywright/jdbc/h2 out of the jar of keywright-jdbc-store");
    }

    @Test
    void whatInstallingCannotPutRightIsSaidAndNotTriedForEver() throws Exception {
        H2.run(
                source,
                "CREATE TABLE keywright_coherence"
                        + " (id INT, revision BIGINT, lease_millis INT, marks INT, schema_version INT)",
                "INSERT INTO keywright_coherence VALUES (7, 0, 0, 0, 1)");

        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcSchema.install(source))
                .withMessageStartingWith("the table keywright_coherence has no row with the id 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE keywright_key DROP COLUMN scopes | the table keywright_key has no column scopes",
                "ALTER TABLE keywright_key ALTER COLUMN hint RENAME TO hinnt | the table keywright_key has no column hint",
                "ALTER TABLE keywright_key DROP COLUMN inactive_at | the table keywright_key has no column inactive_at",
                "ALTER TABLE keywright_usage DROP COLUMN expiry_notified_at | the table keywright_usage has no column expiry_notified_at",
                "ALTER TABLE keywright_usage DROP COLUMN used_scopes | the table keywright_usage has no column used_scopes",
                "ALTER TABLE keywright_usage ALTER COLUMN key_id VARCHAR(64) | the column key_id of the table keywright_usage"
                        + " does not hold bytes",
                "ALTER TABLE keywright_coherence DROP COLUMN marks | the table keywright_coherence has no column marks",
                "ALTER TABLE keywright_key ALTER COLUMN tenant VARCHAR(512) | the column tenant of the table keywright_key"
                        + " does not hold bytes"
            })
    void aSchemaThatIsNotOursIsNeitherUsedNorTouched(String change, String sentence) throws Exception {
        JdbcSchema.install(source);
        H2.run(source, change, "DELETE FROM keywright_coherence");

        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcKeyStore.on(source))
                .withMessageStartingWith(sentence + ": compare it with the files of META-INF/keywright/jdbc/h2 in");
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcSchema.install(source))
                .withMessageStartingWith(sentence);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_coherence"))
                .isZero();
    }

    @Test
    void columnsThatSomebodyAddedDoNoHarm() throws Exception {
        JdbcSchema.install(source);
        H2.run(source, "ALTER TABLE keywright_key ADD COLUMN note VARCHAR(10) BEFORE id");

        JdbcKeyStore store = JdbcKeyStore.on(source);

        assertThat(store.findByDigest(Samples.digest(1)).key()).isEmpty();
        assertThat(store.insert(Samples.key("first", 1), UNLIMITED, NOW).key())
                .isEqualTo(store.findByDigest(Samples.digest(1)).key());
    }

    @Test
    void anotherDatabaseIsRefusedByName() {
        DataSource other = Tampered.connections(
                source,
                (method, args, real) -> method.equals("getMetaData")
                        ? Tampered.wrap(
                                DatabaseMetaData.class,
                                (DatabaseMetaData) real.call(),
                                (inner, innerArgs, realInner) ->
                                        inner.equals("getDatabaseProductName") ? "Paradox" : realInner.call())
                        : real.call());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdbcKeyStore.on(other))
                .withMessageContaining("\"Paradox\"")
                .withMessageContaining("H2");
        assertThatIllegalArgumentException().isThrownBy(() -> JdbcSchema.install(other));
    }

    @Test
    void toolsThatMigrateDatabasesFindTheFileOnTheClassPathAndMayRunItTwice() throws Exception {
        String file = "META-INF/keywright/jdbc/h2/V1__keywright.sql";
        assertThat(getClass().getClassLoader().getResource(file)).isNotNull();

        H2.run(source, "RUNSCRIPT FROM 'classpath:/" + file + "'", "RUNSCRIPT FROM 'classpath:/" + file + "'");

        assertThatCode(() -> JdbcKeyStore.on(source)).doesNotThrowAnyException();
    }
}
