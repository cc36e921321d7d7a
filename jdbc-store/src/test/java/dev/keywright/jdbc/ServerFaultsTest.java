package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.jdbc.FaultyWrite.Kind;
import dev.keywright.jdbc.FaultyWrite.Outcome;
import dev.keywright.jdbc.TcpProxy.Fault;
import dev.keywright.jdbc.TcpProxy.Point;
import dev.keywright.management.NewKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Killed connections, locks, deadlocks, conflicts and full disks on the server. */
class ServerFaultsTest {

    private static final int ROUNDS = Integer.getInteger("keywright.rounds", 1);

    @AfterAll
    static void logCounts() {
        FaultyWrite.logCounts();
    }

    @Timeout(300)
    abstract static class On {

        private final TestDatabase database;
        private final FaultSql server;
        private ProxiedDatabase proxied;

        On(TestDatabase database, FaultSql server) {
            this.database = database;
            this.server = server;
        }

        @BeforeEach
        void connect() throws Exception {
            proxied = ProxiedDatabase.on(database);
        }

        @AfterEach
        void close() throws IOException {
            proxied.close();
        }

        @Test
        void killedIdleConnectionsAreReplaced() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                proxied.assertPoolIntact();
                server.kill(proxied.directSource());
                FaultyWrite first = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());

                Outcome outcome = proxied.within(() -> first.run(proxied.store()));

                // The outcome of a transaction that did not begin is known.
                assertThat(outcome).isNotEqualTo(Outcome.UNKNOWN);
                first.assertConsistent(outcome, proxied.directStore());
                count("killed in the pool", outcome);
                proxied.assertPoolIntact();
            }
        }

        @Test
        void killedWriterReportsTheActualOutcome() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : Kind.values()) {
                    for (String text :
                            List.of("UPDATE keywright_coherence", "INTO keywright_key", "UPDATE keywright_key")) {
                        FaultyWrite write = FaultyWrite.prepare(kind, proxied.directStore());
                        AtomicBoolean killed = new AtomicBoolean();
                        JdbcKeyStore store = proxied.store(InterceptedDataSource.before(proxied.pool(), text, () -> {
                            killed.set(true);
                            kill();
                        }));

                        Outcome outcome = proxied.within(() -> write.run(store));

                        assertThat(outcome).isEqualTo(killed.get() ? Outcome.UNAVAILABLE : Outcome.DONE);
                        write.assertConsistent(outcome, proxied.directStore());
                        count("killed before a statement", outcome);
                        proxied.assertPoolIntact();
                    }
                    FaultyWrite write = FaultyWrite.prepare(kind, proxied.directStore());
                    JdbcKeyStore store = proxied.store(atCommit(this::kill));

                    Outcome outcome = proxied.within(() -> write.run(store));

                    assertThat(outcome).isEqualTo(Outcome.UNKNOWN);
                    assertThat(write.assertConsistent(outcome, proxied.directStore()))
                            .isFalse();
                    count("killed before the commit", outcome);
                    proxied.assertPoolIntact();
                }
            }
        }

        @Test
        void killedVerificationIsAnOutage() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                String text = issued();
                JdbcKeyStore store =
                        proxied.store(InterceptedDataSource.before(proxied.pool(), "ON k.digest = ?", this::kill));
                try (ApiKeys keys = ProxiedDatabase.keys(store)) {
                    assertThatThrownBy(() -> proxied.within(() -> keys.verify(text)))
                            .isInstanceOf(StoreUnavailableException.class);
                    count("killed in a lookup", Outcome.UNAVAILABLE);
                    proxied.assertPoolIntact();
                    assertThat(proxied.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
                }
            }
        }

        @Test
        void writerKilledWhileWaitingChangesNothing() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                Outcome outcome;
                try (Connection other = FaultSql.holdWriterLock(proxied.directSource())) {
                    Future<Outcome> waiting = proxied.submit(() -> write.run(proxied.store()));
                    server.awaitWaiting(proxied.directSource());
                    server.kill(proxied.directSource());
                    outcome = ProxiedDatabase.result(waiting);
                    other.rollback();
                }
                assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
                write.assertConsistent(outcome, proxied.directStore());
                count("killed while it waits for a lock", outcome);
                proxied.assertPoolIntact();
            }
        }

        @Test
        void waitForALockIsBoundedByTheTimeout() throws Exception {
            String text = issued();
            FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
            Outcome outcome;
            try (Connection other = FaultSql.holdWriterLock(proxied.directSource());
                    ApiKeys keys = ProxiedDatabase.keys(proxied.store())) {
                outcome = proxied.within(() -> write.run(proxied.store()));
                // Verification does not need the lock of the writers.
                assertThat(proxied.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
                other.rollback();
            }
            assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
            write.assertConsistent(outcome, proxied.directStore());
            count("lock held by another writer", outcome);
            proxied.assertPoolIntact();

            try (ApiKeys keys = ProxiedDatabase.keys(proxied.store())) {
                try (Connection other = FaultSql.holdLocks(proxied.directSource(), server.lockKeys())) {
                    assertThatThrownBy(() -> proxied.within(() -> keys.verify(text)))
                            .isInstanceOf(StoreUnavailableException.class);
                    count("table locked, lookup", Outcome.UNAVAILABLE);
                    other.rollback();
                    unlock(other);
                }
                proxied.assertPoolIntact();
                assertThat(proxied.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
            }
        }

        @Test
        void deadlockIsRetried() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                List<String> holding = new ArrayList<>(server.winsDeadlock());
                holding.add("UPDATE keywright_key SET hint = 'held'");
                List<String> statements = new ArrayList<>();
                try (Connection other = FaultSql.holdLocks(proxied.directSource(), holding.toArray(String[]::new))) {
                    List<Future<Integer>> others = new ArrayList<>();
                    JdbcKeyStore store = JdbcKeyStore.on(InterceptedDataSource.recording(
                            InterceptedDataSource.before(
                                    proxied.pool(),
                                    "UPDATE keywright_key",
                                    () -> others.add(proxied.submit(() -> lockRow(other)))),
                            statements));

                    assertThat(proxied.within(() -> write.run(store))).isEqualTo(Outcome.DONE);

                    assertThat(ProxiedDatabase.result(others.get(0))).isOne();
                }
                write.assertConsistent(Outcome.DONE, proxied.directStore());
                assertThat(statements.stream().filter(sql -> sql.startsWith("UPDATE keywright_key")))
                        .hasSizeGreaterThan(1);
                count("deadlock", Outcome.DONE);
                proxied.assertPoolIntact();
                H2.run(proxied.directSource(), "DELETE FROM keywright_usage");
            }
        }

        @Test
        void serializationFailureIsRetriedAFewTimes() throws Exception {
            FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
            H2.run(proxied.directSource(), server.failing(8, "40001").toArray(String[]::new));

            // Six attempts fail, and two of the next call.
            Outcome outcome = proxied.within(() -> write.run(proxied.store()));
            assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
            write.assertConsistent(outcome, proxied.directStore());
            count("40001 six times", outcome);
            assertThat(proxied.within(() -> write.run(proxied.store()))).isEqualTo(Outcome.DONE);
            write.assertConsistent(Outcome.DONE, proxied.directStore());
            count("40001 twice", Outcome.DONE);

            assertThat(FaultSql.attempts(proxied.directSource(), server)).isEqualTo(9);
            proxied.assertPoolIntact();
        }

        @Test
        void fullDiskIsNotRetried() throws Exception {
            FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
            H2.run(proxied.directSource(), server.failing(1, server.diskFull()).toArray(String[]::new));

            Outcome outcome = proxied.within(() -> write.run(proxied.store()));

            assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
            write.assertConsistent(outcome, proxied.directStore());
            assertThat(FaultSql.attempts(proxied.directSource(), server)).isOne();
            count("full, by a trigger", outcome);
            proxied.assertPoolIntact();
        }

        @Test
        void exhaustedPoolIsAnOutage() throws Exception {
            String text = issued();
            FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
            List<Connection> all = new ArrayList<>();
            try (ApiKeys keys = ProxiedDatabase.keys(proxied.store())) {
                for (int i = 0; i < ProxiedDatabase.CONNECTIONS; i++) {
                    all.add(proxied.pool().getConnection());
                }
                Future<Outcome> call = proxied.submit(() -> write.run(proxied.store()));
                assertThatThrownBy(() -> proxied.within(() -> keys.verify(text)))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(ProxiedDatabase.result(call)).isEqualTo(Outcome.UNAVAILABLE);
            }
            for (Connection connection : all) {
                connection.close();
            }
            write.assertConsistent(Outcome.UNAVAILABLE, proxied.directStore());
            count("pool exhausted", Outcome.UNAVAILABLE);
            proxied.assertPoolIntact();
        }

        @Test
        void interruptedCallerKeepsItsStatusAndGetsTheActualOutcome() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : Kind.values()) {
                    FaultyWrite before = FaultyWrite.prepare(kind, proxied.directStore());
                    assertStatusAndOutcome(before, interrupted(before, true));

                    FaultyWrite during = FaultyWrite.prepare(kind, proxied.directStore());
                    Call call = interrupted(during, false);
                    try (Connection other = FaultSql.holdWriterLock(proxied.directSource())) {
                        call.thread.start();
                        server.awaitWaiting(proxied.directSource());
                        call.thread.interrupt();
                        other.rollback();
                    }
                    assertStatusAndOutcome(during, call);
                }
            }
        }

        @Test
        void stalledTransactionBlocksOtherNodesOnlyBriefly() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                FaultyWrite silent = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                FaultyWrite other = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                CountDownLatch triggered = proxied.proxy().onRequest(TcpProxy.COMMIT, Point.BEFORE, Fault.STALL);
                Future<Outcome> outcome = proxied.submit(() -> silent.run(proxied.store()));
                assertThat(TcpProxy.await(triggered)).isTrue();

                // The stalled transaction holds the lock, and the fault persists.
                assertThat(proxied.within(() -> other.run(proxied.directStore())))
                        .isEqualTo(Outcome.DONE);

                other.assertConsistent(Outcome.DONE, proxied.directStore());
                assertThat(silent.assertConsistent(ProxiedDatabase.result(outcome), proxied.directStore()))
                        .isFalse();
                count("another node continues while one stalls in its transaction", Outcome.DONE);
                proxied.proxy().repair();
                proxied.assertPoolIntact();
            }
        }

        @Test
        void connectionIsRestoredAfterAnyOutcome() throws Exception {
            try (Connection lent = proxied.directSource().getConnection()) {
                JdbcKeyStore store = proxied.store(always(lent));
                lent.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                lent.setNetworkTimeout(Runnable::run, 54_321);
                for (boolean readOnly : List.of(false, true)) {
                    lent.setReadOnly(readOnly);
                    String before = stateOf(lent);
                    for (Kind kind : Kind.values()) {
                        FaultyWrite write = FaultyWrite.prepare(kind, proxied.directStore());
                        assertThat(write.run(store)).isEqualTo(Outcome.DONE);
                        assertThat(stateOf(lent)).isEqualTo(before);
                    }
                    FaultyWrite refused = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                    try (Connection other = FaultSql.holdWriterLock(proxied.directSource())) {
                        assertThat(refused.run(store)).isEqualTo(Outcome.UNAVAILABLE);
                        other.rollback();
                    }
                    assertThat(stateOf(lent)).isEqualTo(before);
                    store.findByDigest(Samples.digest(1)).key();
                    assertThat(stateOf(lent)).isEqualTo(before);
                }
                lent.setReadOnly(false);
                count("connection restored", Outcome.DONE);
            }
        }

        /** Always hands out the same connection, and restores nothing. */
        private DataSource always(Connection lent) {
            return InterceptedDataSource.intercept(
                    DataSource.class,
                    proxied.directSource(),
                    (method, args, real) -> InterceptedDataSource.intercept(
                            Connection.class,
                            lent,
                            (inner, innerArgs, call) -> inner.equals("close") ? null : call.call()));
        }

        private String stateOf(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(server.session())) {
                assertThat(rows.next()).isTrue();
                return "%s, %b, %d, %b, %d"
                        .formatted(
                                rows.getString(1),
                                connection.getAutoCommit(),
                                connection.getTransactionIsolation(),
                                connection.isReadOnly(),
                                connection.getNetworkTimeout());
            }
        }

        private static int lockRow(Connection other) throws SQLException {
            try (Statement statement = other.createStatement()) {
                int rows = statement.executeUpdate(
                        "UPDATE keywright_coherence SET lease_millis = lease_millis + 1 WHERE id = 1");
                other.commit();
                return rows;
            }
        }

        private void unlock(Connection other) throws SQLException {
            if (server == FaultSql.MARIADB) {
                try (Statement statement = other.createStatement()) {
                    statement.execute("UNLOCK TABLES");
                }
            }
        }

        /** Prepares a call on a thread of its own, which is interrupted at its start, or later by the caller. */
        private Call interrupted(FaultyWrite write, boolean immediately) {
            AtomicBoolean flag = new AtomicBoolean();
            FutureTask<Outcome> task = new FutureTask<>(() -> {
                if (immediately) {
                    Thread.currentThread().interrupt();
                }
                Outcome outcome = write.run(proxied.store());
                flag.set(Thread.currentThread().isInterrupted());
                return outcome;
            });
            Call call = new Call(new Thread(task, "interrupted"), task, flag);
            if (immediately) {
                call.thread.start();
            }
            return call;
        }

        private void assertStatusAndOutcome(FaultyWrite write, Call call) throws Exception {
            Outcome outcome = ProxiedDatabase.result(call.outcome);
            assertThat(call.flag).isTrue();
            write.assertConsistent(outcome, proxied.directStore());
            count("interrupted", outcome);
            proxied.assertPoolIntact();
        }

        private DataSource atCommit(Runnable action) {
            return InterceptedDataSource.onConnections(proxied.pool(), (method, args, real) -> {
                if (method.equals("commit")) {
                    action.run();
                }
                return real.call();
            });
        }

        private String issued() {
            try (ApiKeys sound = ProxiedDatabase.keys(proxied.directStore())) {
                return ProxiedDatabase.north(sound)
                        .issue(NewKey.named("Reporting Script").allowing("read:people"))
                        .secret()
                        .reveal();
            }
        }

        private void kill() {
            try {
                server.kill(proxied.directSource());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void count(String fault, Outcome outcome) {
            FaultyWrite.count("%s %s: reported %s".formatted(database, fault, outcome));
        }
    }

    private record Call(Thread thread, Future<Outcome> outcome, AtomicBoolean flag) {}

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, FaultSql.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, FaultSql.MARIADB);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL, FaultSql.MARIADB);
        }
    }
}
