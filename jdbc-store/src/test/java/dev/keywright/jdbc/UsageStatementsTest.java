package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recording of usage, beyond the contract of a store. */
class UsageStatementsTest {

    private final DataSource source = H2.installed(H2.inMemory("LOCK_TIMEOUT=200"));
    private final KeyStore store = JdbcKeyStore.on(source);

    @BeforeEach
    void insertKeys() {
        store.insert(Samples.key("first", 1), UNLIMITED, NOW);
        store.insert(Samples.key("second", 2), UNLIMITED, NOW);
    }

    @Test
    void recordingTakesNoRevisionAndChangesNoKey() throws Exception {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(InterceptedDataSource.recording(source, statements));
        StoredKey before = found("first");
        statements.clear();

        watched.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 3, 1, "read:people")));
        watched.usageStore().orElseThrow().claimExpiring(NOW, Duration.ofSeconds(1), 1);

        StoredKey after = found("first");
        assertThat(after.key().usage()).isPresent();
        assertThat(after.changeRevision()).isEqualTo(before.changeRevision());
        assertThat(after.key().version()).isEqualTo(before.key().version());
        assertThat(revision()).isEqualTo(2);
        assertThat(statements).isNotEmpty().noneMatch(sql -> sql.startsWith("UPDATE keywright_key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE keywright_key SET hint = hint",
                "UPDATE keywright_coherence SET lease_millis = lease_millis"
            })
    void recordingDoesNotWaitForWritersOfKeys(String write) throws Exception {
        try (Connection other = source.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate(write);

            store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 3, 1)));

            other.rollback();
        }
        assertThat(usage("first").count()).isEqualTo(3);
    }

    @Test
    void writersOfKeysDoNotWaitForARecording() throws Exception {
        try (Connection recording = source.getConnection();
                Statement statement = recording.createStatement()) {
            recording.setAutoCommit(false);
            statement.executeUpdate("UPDATE keywright_usage SET use_count = use_count + 1");

            assertThat(store.revoke(NORTH, KeyId.of("first"), REVOCATION).changed())
                    .isTrue();
            assertThat(store.revokeAll(NORTH, REVOCATION).changed()).isOne();
            assertThat(store.insert(Samples.key("third", 3), ofTenant(5), NOW).changed())
                    .isTrue();
            ApiKey third = found("third").key();
            assertThat(store.replace(third, Samples.key("fourth", 4), NOW).changed())
                    .isTrue();

            recording.rollback();
        }
    }

    @Test
    void concurrentRecordingsAddUp() {
        KeyStore late = JdbcKeyStore.on(InterceptedDataSource.before(
                source,
                "SET use_count",
                () -> store.usageStore()
                        .orElseThrow()
                        .recordUsage(List.of(Samples.delta("first", 4, 9, "read:people")))));

        late.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 3, 5, "write:people")));

        assertThat(usage("first"))
                .isEqualTo(
                        new KeyUsage(NOW.plusSeconds(9), 7, Set.of(Scope.of("read:people"), Scope.of("write:people"))));
    }

    @Test
    void rowsAreLockedInTheOrderOfIds() {
        List<String> locked = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            Object result = real.call();
            return result instanceof PreparedStatement statement
                            && InterceptedDataSource.mentions(args, "SET use_count")
                    ? InterceptedDataSource.intercept(
                            PreparedStatement.class, statement, (inner, innerArgs, realInner) -> {
                                if (inner.equals("setObject")
                                        && innerArgs != null
                                        && innerArgs[1] instanceof byte[] id) {
                                    locked.add(RowMapper.text(id));
                                }
                                return realInner.call();
                            })
                    : result;
        }));
        store.insertAll(Samples.candidates(Samples.keys(0, 20)));
        List<UsageDelta> deltas = IntStream.range(0, 20)
                .mapToObj(i -> Samples.delta("key%05d".formatted(i * 7 % 20), 1, 1))
                .toList();

        watched.usageStore().orElseThrow().recordUsage(deltas);

        assertThat(locked).hasSize(20).isSorted();
    }

    @Test
    void recordingAThousandKeysTakesFewStatements() {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(InterceptedDataSource.recording(source, statements));
        store.insertAll(Samples.candidates(Samples.keys(0, 1000)));
        List<UsageDelta> deltas = Samples.keys(0, 1000).stream()
                .map(key -> Samples.delta(key.key().id().value(), 1, 1, "read:people"))
                .toList();
        statements.clear();

        watched.usageStore().orElseThrow().recordUsage(deltas);
        assertThat(statements).hasSize(6);

        statements.clear();
        watched.usageStore().orElseThrow().recordUsage(deltas);
        assertThat(statements).as("where no scope is new").hasSize(3);
        assertThat(usage("key00999").count()).isEqualTo(2);
    }

    @Test
    void rolledBackRecordingIsRetriedAndCountedOnce() {
        AtomicInteger failures = new AtomicInteger(2);

        store(failures, "40001")
                .usageStore()
                .orElseThrow()
                .recordUsage(List.of(Samples.delta("first", 3, 1, "read:people")));

        assertThat(usage("first").count()).isEqualTo(3);
        assertThat(failures).hasValue(0);
    }

    @Test
    void recordingIsRetriedAFewTimesAndOnlyAfterConflicts() {
        AtomicInteger deadlocks = new AtomicInteger(100);
        AtomicInteger losses = new AtomicInteger(100);

        assertThatThrownBy(() -> store(deadlocks, "40001")
                        .usageStore()
                        .orElseThrow()
                        .recordUsage(List.of(Samples.delta("first", 3, 1, "a"))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store(losses, "08006")
                        .usageStore()
                        .orElseThrow()
                        .recordUsage(List.of(Samples.delta("first", 3, 1, "a"))))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(deadlocks).hasValue(94);
        assertThat(losses).hasValue(99);
        assertThat(found("first").key().usage()).isEmpty();
    }

    @Test
    void recordingThatTimesOutRecordsNothing() throws Exception {
        try (Connection other = source.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE keywright_usage SET use_count = 9 WHERE key_id = X'7365636f6e64'");

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.usageStore()
                            .orElseThrow()
                            .recordUsage(List.of(Samples.delta("first", 3, 1), Samples.delta("second", 3, 1))))
                    .havingCause()
                    .isInstanceOf(SQLException.class);
            other.rollback();
        }
        assertThat(found("first").key().usage()).isEmpty();
        assertThat(found("second").key().usage()).isEmpty();
    }

    @Test
    void unknownOutcomeOfARecordingNamesNoKey() {
        KeyStore lost = JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (method.equals("commit")) {
                throw new SQLException("connection reset", "08006");
            }
            return real.call();
        }));

        assertThatExceptionOfType(OutcomeUnknownException.class)
                .isThrownBy(() -> lost.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 3, 1))))
                .satisfies(e -> assertThat(e.id()).isEmpty());
    }

    @Test
    void everyInsertedKeyHasAUsageRow() throws Exception {
        store.insertAll(Samples.candidates(Samples.keys(0, 3)));
        ApiKey first = found("first").key();
        store.replace(
                StoredValues.keyBuilder(first).successor(KeyId.of("third")).build(), Samples.key("third", 3), NOW);

        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key")).isEqualTo(6);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key JOIN keywright_usage ON key_id = id"))
                .isEqualTo(6);
    }

    @Test
    void keyWithoutAUsageRowHasNoUsage() throws Exception {
        H2.run(source, "DELETE FROM keywright_usage WHERE key_id = X'6669727374'");

        store.usageStore()
                .orElseThrow()
                .recordUsage(List.of(Samples.delta("first", 3, 1), Samples.delta("second", 3, 1)));

        assertThat(found("first").key().usage()).isEmpty();
        assertThat(usage("second").count()).isEqualTo(3);
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.all(), 5))).hasSize(2);
        assertThat(store.revoke(NORTH, KeyId.of("first"), REVOCATION).changed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "use_count = 1",
                "use_count = -1, last_used_at = 1",
                "use_count = 0, last_used_at = 1",
                "use_count = 5000000000000000000, last_used_at = NULL",
                "use_count = 1, last_used_at = 1, used_scopes = ''",
                "use_count = 1, last_used_at = 1, used_scopes = 'read:people  \"'",
                "used_scopes = 'read:people'"
            })
    void damagedUsageIsIgnored(String damage) throws Exception {
        H2.run(source, "UPDATE keywright_usage SET " + damage + " WHERE key_id = X'6669727374'");

        assertThat(found("first").key().usage()).isEmpty();
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.all(), 5))).hasSize(2);
        assertThat(TestLog.read()).contains("Damaged usage of the API key first ignored");

        store.usageStore()
                .orElseThrow()
                .recordUsage(List.of(Samples.delta("first", 3, 1, "write:people"), Samples.delta("second", 3, 1)));
        assertThat(usage("first").lastUsedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(usage("first").scopes()).contains(Scope.of("write:people"));
        assertThat(usage("second").count()).isEqualTo(3);
    }

    @Test
    void impossibleCountIsReset() throws Exception {
        H2.run(source, "UPDATE keywright_usage SET use_count = 9223372036854775807 WHERE key_id = X'6669727374'");

        store.usageStore()
                .orElseThrow()
                .recordUsage(List.of(Samples.delta("first", 3, 1), Samples.delta("second", 4, 1)));

        assertThat(usage("first").count()).isEqualTo(3);
        assertThat(usage("second").count()).isEqualTo(4);
    }

    @Test
    void oldestScopesAreDroppedBeyondTheMaximum() {
        for (int i = 0; i < 3; i++) {
            store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 1, 1, longest(i))));
        }
        String[] others =
                IntStream.range(3, 1000).mapToObj(UsageStatementsTest::longest).toArray(String[]::new);
        store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 1, 1, others)));
        assertThat(usage("first").scopes()).hasSize(1000);

        store.usageStore()
                .orElseThrow()
                .recordUsage(List.of(Samples.delta("first", 1, 1, longest(0), longest(1), longest(1000))));

        assertThat(usage("first").scopes())
                .hasSize(1000)
                .contains(Scope.of(longest(0)), Scope.of(longest(1)), Scope.of(longest(1000)))
                .doesNotContain(Scope.of(longest(2)));
    }

    private KeyStore store(AtomicInteger failures, String state) {
        return JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            // The last statement of a recording: it fails after the counts have been added.
            if (method.equals("prepareStatement")
                    && InterceptedDataSource.mentions(args, "SET used_scopes")
                    && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new SQLException("given up", state);
            }
            return real.call();
        }));
    }

    private StoredKey found(String id) {
        return store.find(NORTH, KeyId.of(id)).key().orElseThrow();
    }

    private KeyUsage usage(String id) {
        return found(id).key().usage().orElseThrow();
    }

    private long revision() throws SQLException {
        return H2.number(source, "SELECT revision FROM keywright_coherence");
    }

    private static String longest(int number) {
        return "%064d".formatted(number);
    }
}
