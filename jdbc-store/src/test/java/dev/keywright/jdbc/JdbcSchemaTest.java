package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keywright.spi.WriteResult;
import java.sql.DatabaseMetaData;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Installation on H2: repeated, incomplete, and refused. */
class JdbcSchemaTest {

    private final DataSource source = H2.inMemory();

    @Test
    void repeatedInstallationKeepsData() throws Exception {
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
    void missingTablesAndIndexesAreCreatedAgain(String statements) throws Exception {
        JdbcSchema.install(source);
        H2.run(source, statements.split(";"));

        JdbcSchema.install(source);

        assertThat(JdbcKeyStore.on(source)
                        .insert(Samples.key("first", 1), UNLIMITED, NOW)
                        .revision())
                .isPositive();
        assertThat(H2.number(
                        source,
                        "SELECT COUNT(*) FROM information_schema.indexes WHERE index_name IN"
                                + " ('KEYWRIGHT_KEY_LISTING', 'KEYWRIGHT_KEY_ORIGIN', 'KEYWRIGHT_KEY_INACTIVE')"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DROP TABLE keywright_key | the table keywright_key does not exist",
                "DROP TABLE keywright_usage | the table keywright_usage does not exist",
                "DROP TABLE keywright_coherence | the table keywright_coherence does not exist",
                "DELETE FROM keywright_coherence | the table keywright_coherence has no row with the id 1"
            })
    void storeDoesNotOpenOnMissingTables(String change, String message) throws Exception {
        JdbcSchema.install(source);
        H2.run(source, change);

        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcKeyStore.on(source))
                .withMessage(message + ": call JdbcSchema.install(dataSource), or run"
                        + " META-INF/keywright/jdbc/h2/V1__keywright.sql from the jar of keywright-jdbc-store");
    }

    @Test
    void defectThatInstallationCannotRemoveIsReported() throws Exception {
        H2.run(
                source,
                "CREATE TABLE keywright_coherence"
                        + " (id INT, revision BIGINT, lease_millis INT, marks INT, schema_version INT)",
                "INSERT INTO keywright_coherence VALUES (7, 0, 0, 0, 1)");

        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcSchema.install(source))
                .withMessageStartingWith("the table keywright_coherence has no row with the id 1");
    }

    @Test
    void additionalColumnsAreIgnored() throws Exception {
        JdbcSchema.install(source);
        H2.run(source, "ALTER TABLE keywright_key ADD COLUMN note VARCHAR(10) BEFORE id");

        JdbcKeyStore store = JdbcKeyStore.on(source);

        assertThat(store.findByDigest(Samples.digest(1)).key()).isEmpty();
        assertThat(store.insert(Samples.key("first", 1), UNLIMITED, NOW).key())
                .isEqualTo(store.findByDigest(Samples.digest(1)).key());
    }

    @Test
    void unsupportedDatabaseIsRefused() {
        DataSource other = InterceptedDataSource.onConnections(
                source,
                (method, args, real) -> method.equals("getMetaData")
                        ? InterceptedDataSource.intercept(
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
    void schemaFileIsOnTheClassPathAndRunsTwice() throws Exception {
        String file = "META-INF/keywright/jdbc/h2/V1__keywright.sql";
        assertThat(getClass().getClassLoader().getResource(file)).isNotNull();

        H2.run(source, "RUNSCRIPT FROM 'classpath:/" + file + "'", "RUNSCRIPT FROM 'classpath:/" + file + "'");

        assertThatCode(() -> JdbcKeyStore.on(source)).doesNotThrowAnyException();
    }
}
