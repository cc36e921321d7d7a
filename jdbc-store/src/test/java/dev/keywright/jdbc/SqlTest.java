package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How the database means to go about the statements, once there are thousands of keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlTest {

    private final DataSource source = H2.installed(H2.inMemory());

    /** One in ten is revoked, one in ten has an end, and the others go on. */
    @BeforeAll
    void fill() throws Exception {
        H2.run(source, """
                INSERT INTO keywright_key
                SELECT CAST('id' || x AS VARBINARY), CAST('tenant' || MOD(x, 50) AS VARBINARY),
                    CAST(LPAD(x, 32, '0') AS BINARY(32)), CAST('pepper' || MOD(x, 2) AS VARBINARY), 'name', 'o5p6', 'a b', x,
                    'PERSON', 'ada', CASE MOD(x, 10) WHEN 0 THEN x END, CASE MOD(x, 10) WHEN 1 THEN x END, NULL, NULL,
                    NULL, x, x, 1, NULL, NULL, X'', CASE WHEN MOD(x, 10) < 2 THEN x END
                FROM SYSTEM_RANGE(1, 5000)
                """, "INSERT INTO keywright_use (key_id, use_count) SELECT id, 0 FROM keywright_key", "ANALYZE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FIND_BY_DIGEST | KEYWRIGHT_KEY_DIGEST",
                "FIND_ALL_BY_DIGEST | KEYWRIGHT_KEY_DIGEST",
                "FIND | PRIMARY_KEY",
                "COUNT_OF_TENANT | KEYWRIGHT_KEY_LISTING",
                "NEXT_PEPPER | KEYWRIGHT_KEY_HANGING",
                "NEXT_FORMAT | KEYWRIGHT_KEY_HANGING",
                "ANY_ENDLESS | KEYWRIGHT_KEY_HANGING",
                "ANY_ENDING | KEYWRIGHT_KEY_HANGING",
                "COUNT_ACTIVE | KEYWRIGHT_KEY_HANGING",
                "PURGEABLE | KEYWRIGHT_KEY_ENDED",
                "ENDING | KEYWRIGHT_KEY_ENDED"
            })
    void eachStatementUsesTheIndexThatWasMeantForIt(String statement, String index) throws Exception {
        assertThat(plan(statement)).contains(index);
    }

    @ParameterizedTest
    @CsvSource({"LIST", "LIST_ACTIVE", "LIST_EXPIRED", "LIST_REVOKED"})
    void eachListIsOrderedByItsIndex(String statement) throws Exception {
        assertThat(plan(statement)).contains("KEYWRIGHT_KEY_LISTING").contains("index sorted");
    }

    @ParameterizedTest
    @MethodSource("statements")
    void noStatementReadsAWholeTable(String statement) throws Exception {
        assertThat(plan(statement)).doesNotContain("tableScan");
    }

    static Stream<String> statements() {
        return Arrays.stream(Sql.values()).map(Sql::name).filter(name -> !name.startsWith("INSERT"));
    }

    private String plan(String statement) throws Exception {
        String sql = Sql.valueOf(statement).text();
        return H2.ask(source, "EXPLAIN " + sql.replace("LIMIT ?", "LIMIT 50").replace("IN (?)", "IN (?, ?)"));
    }
}
