package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.DuplicateKeyException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcKeyStoreFailuresTest {

    private static final String ROW = "VALUES ('Telltale Name', X'" + "07".repeat(32) + "')";

    private final DataSource source = H2.installed(H2.inMemory());
    private final JdbcKeyStore sound = JdbcKeyStore.on(source);

    /** Calls on the connections of the failing store, in order. */
    private final List<String> calls = new ArrayList<>();

    @Test
    void commitWithoutResponseHasAnUnknownOutcome() {
        SQLException lost = new SQLException("connection reset", "08006");
        JdbcKeyStore store = failing("commit", real -> {
            real.call();
            throw lost;
        });

        assertThatExceptionOfType(OutcomeUnknownException.class)
                .isThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .satisfies(e -> assertThat(e.id()).contains(KeyId.of("first")))
                .withCause(lost);

        assertThat(sound.findByDigest(Samples.digest(1)).key()).isPresent();
    }

    @Test
    void revocationWithAnUnknownOutcomeCanBeRepeated() {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);
        JdbcKeyStore store = failing("commit", real -> {
            throw new IllegalStateException("the driver itself broke");
        });

        assertThatThrownBy(() -> store.revoke(NORTH, KeyId.of("first"), REVOCATION))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasNoCause();

        assertThat(sound.revoke(NORTH, KeyId.of("first"), REVOCATION).changed()).isTrue();
    }

    @Test
    void commitOfUnknownCompletionHasAnUnknownOutcome() {
        JdbcKeyStore store = failing("commit", real -> {
            real.call();
            throw new SQLException("statement completion unknown", "40003");
        });

        assertThatThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void commitThatIsRolledBackChangesNothing(String state) {
        JdbcKeyStore store = failing("commit", real -> {
            throw new SQLException("serialization failure", state);
        });

        assertThatThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(sound.findByDigest(Samples.digest(1)).key()).isEmpty();
    }

    @Test
    void duplicateIsDistinguishedFromOtherFailures() {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);

        assertThatThrownBy(() -> sound.insert(Samples.key("first", 2), UNLIMITED, NOW))
                .isInstanceOf(DuplicateKeyException.class)
                .hasNoCause();
        assertThatThrownBy(() -> sound.insert(Samples.key("second", 1), UNLIMITED, NOW))
                .isInstanceOf(DuplicateKeyException.class);
        assertThatThrownBy(() -> failingIn("INSERT", new SQLException("refused", "23513"))
                        .insert(Samples.key("third", 3), UNLIMITED, NOW))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keywright_coherence", "INSERT"})
    void writeThatFailsBeforeItsCommitIsRolledBack(String statement) throws Exception {
        SQLException lost = new SQLException("connection reset", "08006");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> failingIn(statement, lost).insert(Samples.key("first", 1), UNLIMITED, NOW))
                .withMessage("the API key store failed to run a statement")
                .withCause(lost);

        assertThat(calls).contains("rollback").doesNotContain("commit", "abort").endsWith("close");
        assertThat(H2.number(source, "SELECT revision FROM keywright_coherence"))
                .isZero();
        assertThat(sound.findByDigest(Samples.digest(1)).key()).isEmpty();
    }

    @Test
    void connectionIsAbortedWhenRollbackFails() {
        JdbcKeyStore store = store((method, args, real) -> {
            if (method.equals("rollback")
                    || (method.equals("prepareStatement") && InterceptedDataSource.mentions(args, "INSERT"))) {
                throw new SQLException("connection reset", "08006");
            }
            return real.call();
        });

        assertThatThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(calls).containsSubsequence("setAutoCommit false", "rollback", "abort", "close");
        assertThat(calls).doesNotContain("setAutoCommit true", "commit");
        assertThat(sound.findByDigest(Samples.digest(1)).key()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "setAutoCommit true"})
    void failureAfterTheCommitDoesNotMaskTheOutcome(String call) {
        JdbcKeyStore store = failing(call, real -> {
            real.call();
            throw new SQLException("connection reset", "08006");
        });

        assertThat(store.insert(Samples.key("first", 1), UNLIMITED, NOW).changed())
                .isTrue();

        assertThat(calls).endsWith("close");
        assertThat(calls.contains("abort")).isEqualTo(call.startsWith("setAutoCommit"));
    }

    @Test
    void runtimeExceptionLeavesNoTransactionOpen() {
        JdbcKeyStore store = failing("prepareStatement", real -> {
            throw new UnsupportedOperationException("not in this driver");
        });

        assertThatThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .isInstanceOf(UnsupportedOperationException.class);

        assertThat(calls).containsSubsequence("rollback", "setAutoCommit true", "close");
    }

    @Test
    void unreachableDatabaseIsAnOutage() throws Exception {
        DataSource gone = InterceptedDataSource.intercept(DataSource.class, source, (method, args, real) -> {
            throw new SQLException("connection refused", "08001");
        });
        H2.run(source, "SHUTDOWN");

        assertThatThrownBy(() -> JdbcKeyStore.on(gone)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> JdbcSchema.install(gone)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.findByDigest(Samples.digest(1)).key())
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.find(NORTH, KeyId.of("first")).key())
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.list(Samples.selection(NORTH, KeyQuery.active(), 1)))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.countByOrigin(NOW)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.originsInUse(NOW)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.revokeAll(NORTH, REVOCATION)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> sound.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 1, 1))))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void unknownOutcomeNamesTheSuccessorAndNoneOfManyKeys() {
        ApiKey first = sound.insert(Samples.key("first", 1), UNLIMITED, NOW)
                .key()
                .orElseThrow()
                .key();
        JdbcKeyStore store = failing("commit", real -> {
            throw new SQLException("connection reset", "08006");
        });

        for (ThrowingCallable write : List.<ThrowingCallable>of(
                () -> store.insertAll(Samples.candidates(Samples.keys(0, 2))),
                () -> store.revokeAll(NORTH, REVOCATION),
                () -> store.purge(NOW, 1))) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(write)
                    .satisfies(e -> assertThat(e.id()).isEmpty());
        }
        assertThatExceptionOfType(OutcomeUnknownException.class)
                .isThrownBy(() -> store.replace(first, Samples.key("second", 2), NOW))
                .satisfies(e -> assertThat(e.id()).contains(KeyId.of("second")));
    }

    @Test
    void writerWaitsForTheLockUntilItsTimeout() throws Exception {
        try (var other = source.getConnection();
                var statement = other.createStatement()) {
            H2.run(source, "SET DEFAULT_LOCK_TIMEOUT 200");
            other.setAutoCommit(false);
            statement.executeUpdate(Sql.TAKE_REVISIONS.text().replace("?", "1"));

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> sound.insert(Samples.key("first", 1), UNLIMITED, NOW))
                    .havingCause()
                    .isInstanceOf(SQLException.class);
            other.rollback();
        }
        assertThat(sound.insert(Samples.key("first", 1), UNLIMITED, NOW).revision())
                .isOne();
    }

    @Test
    void missingCoherenceRowFailsEveryCall() throws Exception {
        H2.run(source, "DELETE FROM keywright_coherence");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> sound.insert(Samples.key("first", 1), UNLIMITED, NOW))
                .withMessage("the table keywright_coherence has lost its only row");

        // Not an empty result, which a cache would store.
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> sound.findByDigest(Samples.digest(1)))
                .withMessage("the table keywright_coherence has lost its only row");
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = ''",
                "scopes = ''",
                "scopes = 'read:people  write:people'",
                "scopes = 'read:people read:people'",
                "created_by_kind = 'person'",
                "created_by_name = ''",
                "pepper = X'50'",
                "tenant = X'ff'",
                "revoked_by_name = 'grace'",
                "revoked_at = 1",
                "revoked_at = 1, revoked_by_kind = 'PERSON'",
                "revoked_reason = 'leaked'",
                "version = 0",
                "predecessor = X'2f'",
                "predecessor = X''",
                "successor = X'ff'",
                "format = X'ff'",
                "format = X''",
                "format = X'696d706f72743a'",
                "environment = ''",
                "owner_kind = 'PERSON'",
                "owner_name = X'61'",
                "owner_kind = 'person', owner_name = X'61'",
                "owner_kind = 'PERSON', owner_name = X'ff'",
                "attributes = ''",
                "attributes = 'plan'",
                "attributes = '=gold'",
                "attributes = CONCAT('plan=gold', CHAR(10))",
                "attributes = CONCAT('plan=gold', CHAR(10), 'plan=free')",
                "suspended_at = 1",
                "suspended_by_name = 'grace'",
                "suspended_reason = 'leaked'",
                "suspended_at = 1, suspended_by_kind = 'person', suspended_by_name = 'grace'"
            })
    void damagedRowIsNeverAccepted(String damage) throws Exception {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);
        H2.run(source, "UPDATE keywright_key SET " + damage);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> sound.findByDigest(Samples.digest(1)).key())
                .withMessage("the stored API key first is damaged and cannot be read: repair or delete its row in the"
                        + " table of keys (keywright_key by default)")
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pepper = X''", "pepper = X'ff'", "format = X'ff'"})
    void damagedPepperIsNotCountedAsNone(String damage) throws Exception {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);
        H2.run(source, "UPDATE keywright_key SET " + damage);

        assertThatThrownBy(() -> sound.countByOrigin(NOW)).isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pepper = X'ff'", "format = X'ff'"})
    void damagedOriginFailsTheQuery(String damage) throws Exception {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);
        H2.run(source, "UPDATE keywright_key SET " + damage);

        assertThatThrownBy(() -> sound.originsInUse(NOW)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void damagedIdIsNotQuoted() throws Exception {
        sound.insert(Samples.key("first", 1), UNLIMITED, NOW);
        H2.run(source, "UPDATE keywright_key SET id = X'0a2f'");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> sound.findByDigest(Samples.digest(1)).key())
                .withMessage(
                        "the stored API key (with an unreadable id) is damaged and cannot be read: repair or delete its row"
                                + " in the table of keys (keywright_key by default)");
    }

    @Test
    void noFailureQuotesARow() throws Exception {
        SQLException refused = new SQLException("unique index violation: " + ROW, "23505");
        SQLException tooLong = new SQLException("value too long: " + ROW, "22001");
        SQLException stateless = new SQLException("constraint failed: " + ROW);
        SQLException chained = new SQLException("batch failed", "08006");
        chained.setNextException(new SQLIntegrityConstraintViolationException(ROW, "23000"));
        SQLException caused = new SQLException("wrapped", "HY000", tooLong);
        SQLException suppressing = new SQLException("failed", "08006");
        suppressing.addSuppressed(refused);

        // PostgreSQL's driver quotes the statement with all values, whatever the failure.
        SQLException batch = new BatchUpdateException("entry 0 " + ROW + " was aborted", "08006", 0, new int[0]);

        sound.insert(Samples.key("there", 8), UNLIMITED, NOW);
        for (SQLException e : List.of(refused, tooLong, stateless, chained, caused, suppressing, batch)) {
            expectNoRow(catchThrowable(() -> failingIn("INSERT", e).insert(Samples.key("first", 7), UNLIMITED, NOW)));
            expectNoRow(catchThrowable(
                    () -> failingIn("INSERT", e).insertAll(Samples.candidates(List.of(Samples.key("third", 9))))));
            expectNoRow(catchThrowable(() -> failingIn("UPDATE keywright_usage", e)
                    .usageStore()
                    .orElseThrow()
                    .recordUsage(List.of(Samples.delta("there", 1, 1)))));
            expectNoRow(catchThrowable(() ->
                    failingIn("SELECT k.id", e).findByDigest(Samples.digest(7)).key()));
            expectNoRow(catchThrowable(() -> failing("commit", real -> {
                        throw e;
                    })
                    .insert(Samples.key("second", 7), UNLIMITED, NOW)));
        }
    }

    @Test
    void noLogShowsADigestOrAName() throws Exception {
        sound.insert(Samples.key("first", 7), UNLIMITED, NOW);
        assertThatThrownBy(() -> sound.insert(Samples.key("first", 7), UNLIMITED, NOW))
                .isInstanceOf(DuplicateKeyException.class);
        sound.revoke(NORTH, KeyId.of("first"), REVOCATION);
        noFailureQuotesARow();

        String log = TestLog.read();

        assertThat(log).contains("Installed version 1 of the API key tables from META-INF/keywright/jdbc/h2");
        assertThat(log).contains("SQLState 23505, vendor code 0");
        assertThat(log).doesNotContain("07".repeat(16)).doesNotContain("Telltale");
    }

    private static void expectNoRow(Throwable thrown) {
        assertThat(thrown).isNotNull();
        StringWriter everything = new StringWriter();
        thrown.printStackTrace(new PrintWriter(everything));
        if (thrown.getCause() instanceof SQLException cause) {
            // Loggers print suppressed exceptions too.
            cause.forEach(next -> everything.append(String.valueOf(next)));
        }
        assertThat(everything.toString()).doesNotContain("Telltale").doesNotContain("0707");
    }

    /** Opens a store in which each statement that contains a text fails. */
    private JdbcKeyStore failingIn(String words, SQLException failure) {
        return store((method, args, real) -> {
            if (method.equals("prepareStatement") && InterceptedDataSource.mentions(args, words)) {
                throw failure;
            }
            return real.call();
        });
    }

    /** Opens a store whose connections replace one of their methods. */
    private JdbcKeyStore failing(String call, Fault fault) {
        return store((method, args, real) -> call.equals(described(method, args)) ? fault.instead(real) : real.call());
    }

    /** Opens a store whose faults start after the opening checks. */
    private JdbcKeyStore store(InterceptedDataSource.Interceptor interceptor) {
        boolean[] opened = {false};
        JdbcKeyStore store = JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (!opened[0]) {
                return real.call();
            }
            calls.add(described(method, args));
            return interceptor.call(method, args, real);
        }));
        opened[0] = true;
        return store;
    }

    private static String described(String method, @Nullable Object @Nullable [] args) {
        return method.equals("setAutoCommit") && args != null ? method + " " + args[0] : method;
    }

    /** Replacement of a call. */
    @FunctionalInterface
    private interface Fault {
        @Nullable Object instead(Callable<@Nullable Object> real) throws Exception;
    }
}
