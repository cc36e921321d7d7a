package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.jdbc.Attempt.Kind;
import dev.keywright.jdbc.Attempt.Told;
import dev.keywright.jdbc.Wire.Fault;
import dev.keywright.jdbc.Wire.Point;
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

/** The server gives up on us, or others stand in our way there. */
class ServerFaultsTest {

    private static final int ROUNDS = Integer.getInteger("keywright.rounds", 1);

    @AfterAll
    static void logCounts() {
        Attempt.logCounts();
    }

    @Timeout(300)
    abstract static class On {

        private final TestDatabase database;
        private final BrokenServer server;
        private Remote remote;

        On(TestDatabase database, BrokenServer server) {
            this.database = database;
            this.server = server;
        }

        @BeforeEach
        void connect() throws Exception {
            remote = Remote.on(database);
        }

        @AfterEach
        void close() throws IOException {
            remote.close();
        }

        @Test
        void connectionsThatAreKilledInThePoolFailNoMoreCallsThanThereWereConnections() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                remote.expectWholePool();
                server.kill(remote.direct());
                Attempt first = Attempt.prepared(Kind.REVOKE, remote.sound());

                Told told = remote.within(() -> first.make(remote.store()));

                // What did not even begin is not in doubt.
                assertThat(told).isNotEqualTo(Told.UNKNOWN);
                first.expectTruth(told, remote.sound());
                count("killed in the pool", told);
                remote.expectWholePool();
            }
        }

        @Test
        void aWriterThatIsKilledBeforeAStatementHasChangedNothingAndInItsCommitDoesNotKnow() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : Kind.values()) {
                    for (String words :
                            List.of("UPDATE keywright_coherence", "INTO keywright_key", "UPDATE keywright_key")) {
                        Attempt attempt = Attempt.prepared(kind, remote.sound());
                        AtomicBoolean killed = new AtomicBoolean();
                        JdbcKeyStore store = remote.store(Tampered.before(remote.pool(), words, () -> {
                            killed.set(true);
                            kill();
                        }));

                        Told told = remote.within(() -> attempt.make(store));

                        assertThat(told).isEqualTo(killed.get() ? Told.UNAVAILABLE : Told.DONE);
                        attempt.expectTruth(told, remote.sound());
                        count("killed before a statement", told);
                        remote.expectWholePool();
                    }
                    Attempt attempt = Attempt.prepared(kind, remote.sound());
                    JdbcKeyStore store = remote.store(atCommit(this::kill));

                    Told told = remote.within(() -> attempt.make(store));

                    assertThat(told).isEqualTo(Told.UNKNOWN);
                    assertThat(attempt.expectTruth(told, remote.sound())).isFalse();
                    count("killed before the commit", told);
                    remote.expectWholePool();
                }
            }
        }

        @Test
        void aVerificationThatIsKilledHasNoAnswer() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                String text = issued();
                JdbcKeyStore store = remote.store(Tampered.before(remote.pool(), "ON k.digest = ?", this::kill));
                try (ApiKeys keys = Remote.keys(store)) {
                    assertThatThrownBy(() -> remote.within(() -> keys.verify(text)))
                            .isInstanceOf(StoreUnavailableException.class);
                    count("killed in a look-up", Told.UNAVAILABLE);
                    remote.expectWholePool();
                    assertThat(remote.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
                }
            }
        }

        @Test
        void aWriterThatIsKilledWhileItWaitsHasChangedNothing() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
                Told told;
                try (Connection other = BrokenServer.holdingTheRow(remote.direct())) {
                    Future<Told> waiting = remote.begun(() -> attempt.make(remote.store()));
                    server.awaitWaiting(remote.direct());
                    server.kill(remote.direct());
                    told = Remote.ended(waiting);
                    other.rollback();
                }
                assertThat(told).isEqualTo(Told.UNAVAILABLE);
                attempt.expectTruth(told, remote.sound());
                count("killed while it waits for a lock", told);
                remote.expectWholePool();
            }
        }

        @Test
        void whoHasToWaitForALockWaitsNoLongerThanACallMayTake() throws Exception {
            String text = issued();
            Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
            Told told;
            try (Connection other = BrokenServer.holdingTheRow(remote.direct());
                    ApiKeys keys = Remote.keys(remote.store())) {
                told = remote.within(() -> attempt.make(remote.store()));
                // Verification does not touch the row for which writers wait.
                assertThat(remote.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
                other.rollback();
            }
            assertThat(told).isEqualTo(Told.UNAVAILABLE);
            attempt.expectTruth(told, remote.sound());
            count("lock held by another writer", told);
            remote.expectWholePool();

            try (ApiKeys keys = Remote.keys(remote.store())) {
                try (Connection other = BrokenServer.holding(remote.direct(), server.lockKeys())) {
                    assertThatThrownBy(() -> remote.within(() -> keys.verify(text)))
                            .isInstanceOf(StoreUnavailableException.class);
                    count("table locked, look-up", Told.UNAVAILABLE);
                    other.rollback();
                    unlock(other);
                }
                remote.expectWholePool();
                assertThat(remote.within(() -> keys.verify(text))).isInstanceOf(Verified.class);
            }
        }

        @Test
        void aDeadlockIsGoneThroughAgain() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
                List<String> holding = new ArrayList<>(server.loser());
                holding.add("UPDATE keywright_key SET hint = 'held'");
                List<String> statements = new ArrayList<>();
                try (Connection other = BrokenServer.holding(remote.direct(), holding.toArray(String[]::new))) {
                    List<Future<Integer>> others = new ArrayList<>();
                    JdbcKeyStore store = JdbcKeyStore.on(Tampered.watched(
                            Tampered.before(
                                    remote.pool(),
                                    "UPDATE keywright_key",
                                    () -> others.add(remote.begun(() -> takeTheRow(other)))),
                            statements));

                    assertThat(remote.within(() -> attempt.make(store))).isEqualTo(Told.DONE);

                    assertThat(Remote.ended(others.get(0))).isOne();
                }
                attempt.expectTruth(Told.DONE, remote.sound());
                assertThat(statements.stream().filter(sql -> sql.startsWith("UPDATE keywright_key")))
                        .hasSizeGreaterThan(1);
                count("deadlock", Told.DONE);
                remote.expectWholePool();
                H2.run(remote.direct(), "DELETE FROM keywright_usage");
            }
        }

        @Test
        void aSerializationFailureIsGoneThroughAgainAndNotForEver() throws Exception {
            Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
            H2.run(remote.direct(), server.failing(8, "40001").toArray(String[]::new));

            // Six times in vain, and then twice more.
            Told told = remote.within(() -> attempt.make(remote.store()));
            assertThat(told).isEqualTo(Told.UNAVAILABLE);
            attempt.expectTruth(told, remote.sound());
            count("40001 six times", told);
            assertThat(remote.within(() -> attempt.make(remote.store()))).isEqualTo(Told.DONE);
            attempt.expectTruth(Told.DONE, remote.sound());
            count("40001 twice", Told.DONE);

            assertThat(BrokenServer.tries(remote.direct(), server)).isEqualTo(9);
            remote.expectWholePool();
        }

        @Test
        void whatDoesNotFitIsUndoneAndNotTriedAgain() throws Exception {
            Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
            H2.run(remote.direct(), server.failing(1, server.full()).toArray(String[]::new));

            Told told = remote.within(() -> attempt.make(remote.store()));

            assertThat(told).isEqualTo(Told.UNAVAILABLE);
            attempt.expectTruth(told, remote.sound());
            assertThat(BrokenServer.tries(remote.direct(), server)).isOne();
            count("full, by a trigger", told);
            remote.expectWholePool();
        }

        @Test
        void anExhaustedPoolIsAStoreThatCannotAnswer() throws Exception {
            String text = issued();
            Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
            List<Connection> all = new ArrayList<>();
            try (ApiKeys keys = Remote.keys(remote.store())) {
                for (int i = 0; i < Remote.CONNECTIONS; i++) {
                    all.add(remote.pool().getConnection());
                }
                Future<Told> write = remote.begun(() -> attempt.make(remote.store()));
                assertThatThrownBy(() -> remote.within(() -> keys.verify(text)))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(Remote.ended(write)).isEqualTo(Told.UNAVAILABLE);
            }
            for (Connection connection : all) {
                connection.close();
            }
            attempt.expectTruth(Told.UNAVAILABLE, remote.sound());
            count("pool exhausted", Told.UNAVAILABLE);
            remote.expectWholePool();
        }

        @Test
        void anInterruptedCallerKeepsTheFlagAndIsToldTheTruth() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                for (Kind kind : Kind.values()) {
                    Attempt before = Attempt.prepared(kind, remote.sound());
                    expectFlagAndTruth(before, interrupted(before, true));

                    Attempt during = Attempt.prepared(kind, remote.sound());
                    Call call = interrupted(during, false);
                    try (Connection other = BrokenServer.holdingTheRow(remote.direct())) {
                        call.thread.start();
                        server.awaitWaiting(remote.direct());
                        call.thread.interrupt();
                        other.rollback();
                    }
                    expectFlagAndTruth(during, call);
                }
            }
        }

        @Test
        void aNodeThatFallsSilentInItsTransactionStopsTheOthersOnlyForAWhile() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                Attempt silent = Attempt.prepared(Kind.REVOKE, remote.sound());
                Attempt other = Attempt.prepared(Kind.REVOKE, remote.sound());
                CountDownLatch sprung = remote.wire().when(Wire.COMMIT, Point.BEFORE, Fault.STALL);
                Future<Told> told = remote.begun(() -> silent.make(remote.store()));
                assertThat(Wire.happens(sprung)).isTrue();

                // The silent one holds the lock, and the wire is not healed.
                assertThat(remote.within(() -> other.make(remote.sound()))).isEqualTo(Told.DONE);

                other.expectTruth(Told.DONE, remote.sound());
                assertThat(silent.expectTruth(Remote.ended(told), remote.sound()))
                        .isFalse();
                count("another node goes on while one is silent in its transaction", Told.DONE);
                remote.wire().heal();
                remote.expectWholePool();
            }
        }

        @Test
        void aConnectionGoesBackAsItWasLentWhateverBecameOfTheCall() throws Exception {
            try (Connection lent = remote.direct().getConnection()) {
                JdbcKeyStore store = remote.store(always(lent));
                lent.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                lent.setNetworkTimeout(Runnable::run, 54_321);
                for (boolean readOnly : List.of(false, true)) {
                    lent.setReadOnly(readOnly);
                    String before = stateOf(lent);
                    for (Kind kind : Kind.values()) {
                        Attempt attempt = Attempt.prepared(kind, remote.sound());
                        assertThat(attempt.make(store)).isEqualTo(Told.DONE);
                        assertThat(stateOf(lent)).isEqualTo(before);
                    }
                    Attempt refused = Attempt.prepared(Kind.REVOKE, remote.sound());
                    try (Connection other = BrokenServer.holdingTheRow(remote.direct())) {
                        assertThat(refused.make(store)).isEqualTo(Told.UNAVAILABLE);
                        other.rollback();
                    }
                    assertThat(stateOf(lent)).isEqualTo(before);
                    store.findByDigest(Samples.digest(1)).key();
                    assertThat(stateOf(lent)).isEqualTo(before);
                }
                lent.setReadOnly(false);
                count("connection given back as it was lent", Told.DONE);
            }
        }

        /** Hands out the same connection again and again, as careless as a pool may be. */
        private DataSource always(Connection lent) {
            return Tampered.wrap(
                    DataSource.class,
                    remote.direct(),
                    (method, args, real) -> Tampered.wrap(
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

        private static int takeTheRow(Connection other) throws SQLException {
            try (Statement statement = other.createStatement()) {
                int rows = statement.executeUpdate(
                        "UPDATE keywright_coherence SET lease_millis = lease_millis + 1 WHERE id = 1");
                other.commit();
                return rows;
            }
        }

        private void unlock(Connection other) throws SQLException {
            if (server == BrokenServer.MARIADB) {
                try (Statement statement = other.createStatement()) {
                    statement.execute("UNLOCK TABLES");
                }
            }
        }

        /** A call on a thread of its own, which is interrupted when it begins, or later by whoever starts it. */
        private Call interrupted(Attempt attempt, boolean atOnce) {
            AtomicBoolean flag = new AtomicBoolean();
            FutureTask<Told> task = new FutureTask<>(() -> {
                if (atOnce) {
                    Thread.currentThread().interrupt();
                }
                Told told = attempt.make(remote.store());
                flag.set(Thread.currentThread().isInterrupted());
                return told;
            });
            Call call = new Call(new Thread(task, "interrupted"), task, flag);
            if (atOnce) {
                call.thread.start();
            }
            return call;
        }

        private void expectFlagAndTruth(Attempt attempt, Call call) throws Exception {
            Told told = Remote.ended(call.told);
            assertThat(call.flag).isTrue();
            attempt.expectTruth(told, remote.sound());
            count("interrupted", told);
            remote.expectWholePool();
        }

        private DataSource atCommit(Runnable action) {
            return Tampered.connections(remote.pool(), (method, args, real) -> {
                if (method.equals("commit")) {
                    action.run();
                }
                return real.call();
            });
        }

        private String issued() {
            try (ApiKeys sound = Remote.keys(remote.sound())) {
                return Remote.north(sound)
                        .issue(NewKey.named("Reporting Script").allowing("read:people"))
                        .secret()
                        .reveal();
            }
        }

        private void kill() {
            try {
                server.kill(remote.direct());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void count(String fault, Told told) {
            Attempt.count("%s %s: told %s".formatted(database, fault, told));
        }
    }

    private record Call(Thread thread, Future<Told> told, AtomicBoolean flag) {}

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, BrokenServer.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, BrokenServer.MARIADB);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL, BrokenServer.MARIADB);
        }
    }
}
