package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.jdbc.FaultyWrite.Kind;
import dev.keywright.jdbc.FaultyWrite.Outcome;
import dev.keywright.jdbc.TcpProxy.Fault;
import dev.keywright.jdbc.TcpProxy.Point;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Network faults between the store and its database, at each distinguishable point of a call. All faults of a test run concurrently,
 * each with a store of its own, since most of them end by a time-out.
 */
class NetworkFaultsTest {

    /** Number of rounds of each fault; {@code -Dkeywright.rounds=10} for the table in docs/faults.md. */
    private static final int ROUNDS = Integer.getInteger("keywright.rounds", 1);

    private static final String REPORTING = "Reporting Script";

    private static final Pattern TAKE_REVISION = Pattern.compile("UPDATE keywright_coherence");
    private static final Pattern CHANGE = Pattern.compile("(UPDATE|INSERT INTO) keywright_key");
    private static final Pattern LOOKUP = Pattern.compile("ON k.digest = ");

    @AfterAll
    static void logCounts() {
        FaultyWrite.logCounts();
    }

    @Timeout(300)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        private final TestDatabase database;
        private final Map<String, ProxiedDatabase> remotes = new ConcurrentHashMap<>();

        On(TestDatabase database) {
            this.database = database;
        }

        @AfterAll
        void close() throws IOException {
            for (ProxiedDatabase proxied : remotes.values()) {
                proxied.close();
            }
        }

        @Test
        void faultDuringACommitReportsAnUnknownOutcome() throws Exception {
            concurrently((turn, fault, point, proxied) -> {
                for (int round = 0; round < ROUNDS; round++) {
                    FaultyWrite write = FaultyWrite.prepare(kind(turn + round), proxied.directStore());
                    CountDownLatch triggered = proxied.proxy().onRequest(TcpProxy.COMMIT, point, fault);

                    Outcome outcome = proxied.within(() -> write.run(proxied.store()));

                    assertThat(TcpProxy.await(triggered)).isTrue();
                    // A commit without a response is neither a success nor a failure.
                    assertThat(outcome).isEqualTo(Outcome.UNKNOWN);
                    proxied.proxy().repair();
                    boolean done = write.assertConsistent(outcome, proxied.directStore());
                    if (point == Point.BEFORE || point == Point.HALF) {
                        assertThat(done).isFalse();
                    } else if (point == Point.RESPONDED) {
                        assertThat(done).isTrue();
                    }
                    FaultyWrite.count(
                            "%s commit %s %s: reported %s, done %s".formatted(database, fault, point, outcome, done));
                    proxied.assertPoolIntact();
                }
            });
        }

        /** After the commit only the settings of the connection are restored, for which some drivers query the server. */
        @Test
        void faultAfterACommitReportsSuccess() throws Exception {
            concurrently(List.of(Point.RECEIVED), (turn, fault, point, proxied) -> {
                JdbcKeyStore store = onReadOnlyConnections(proxied);
                for (int round = 0; round < ROUNDS; round++) {
                    for (Kind kind : Kind.values()) {
                        FaultyWrite write = FaultyWrite.prepare(kind, proxied.directStore());
                        CountDownLatch triggered = proxied.proxy().onRequest(TcpProxy.COMMIT, point, fault);

                        Outcome outcome = proxied.within(() -> write.run(store));

                        assertThat(TcpProxy.await(triggered)).isTrue();
                        assertThat(outcome).isEqualTo(Outcome.DONE);
                        proxied.proxy().repair();
                        write.assertConsistent(outcome, proxied.directStore());
                        FaultyWrite.count(
                                "%s commit %s %s: reported %s, done true".formatted(database, fault, point, outcome));
                        proxied.assertPoolIntact();
                    }
                }
            });
        }

        /** Opens a store on read-only connections, whose restoration queries the server in every driver. */
        private static JdbcKeyStore onReadOnlyConnections(ProxiedDatabase proxied) {
            boolean[] opened = {false};
            JdbcKeyStore store = proxied.store(
                    InterceptedDataSource.intercept(DataSource.class, proxied.pool(), (method, args, real) -> {
                        Connection connection = proxied.pool().getConnection();
                        connection.setReadOnly(opened[0]);
                        return connection;
                    }));
            opened[0] = true;
            return store;
        }

        @Test
        void faultBeforeACommitChangesNothing() throws Exception {
            concurrently((turn, fault, point, proxied) -> {
                for (int round = 0; round < ROUNDS; round++) {
                    FaultyWrite write = FaultyWrite.prepare(kind(turn + round), proxied.directStore());
                    Pattern statement = (turn + turn / 4 + round) % 2 == 0 ? TAKE_REVISION : CHANGE;
                    CountDownLatch triggered = proxied.proxy().onRequest(statement, point, fault);

                    Outcome outcome = proxied.within(() -> write.run(proxied.store()));

                    assertThat(TcpProxy.await(triggered)).isTrue();
                    assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
                    proxied.proxy().repair();
                    write.assertConsistent(outcome, proxied.directStore());
                    FaultyWrite.count(
                            "%s statement %s %s: reported %s, done false".formatted(database, fault, point, outcome));
                    proxied.assertPoolIntact();
                }
            });
        }

        @Test
        void faultDuringAVerificationIsAnOutage() throws Exception {
            concurrently((turn, fault, point, proxied) -> {
                try (ApiKeys keys = ProxiedDatabase.keys(proxied.store());
                        ApiKeys sound = ProxiedDatabase.keys(proxied.directStore())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        IssuedKey issued = issue(sound);
                        String text = issued.secret().reveal();
                        CountDownLatch triggered = proxied.proxy().onRequest(LOOKUP, point, fault);

                        assertThatThrownBy(() -> proxied.within(() -> keys.verify(text)))
                                .isInstanceOf(StoreUnavailableException.class);

                        assertThat(TcpProxy.await(triggered)).isTrue();
                        proxied.proxy().repair();
                        FaultyWrite.count("%s lookup %s %s: reported UNAVAILABLE".formatted(database, fault, point));
                        assertThat(retried(proxied, () -> keys.verify(text))).isInstanceOf(Verified.class);
                        ProxiedDatabase.north(sound).revoke(issued.key().id(), "");
                        assertThat(keys.verify(text))
                                .isInstanceOfSatisfying(
                                        Rejected.class,
                                        no -> assertThat(no.reason()).isEqualTo(Rejected.Reason.REVOKED));
                        proxied.assertPoolIntact();
                    }
                }
            });
        }

        @Test
        void faultWhileIssuingLeavesNoUnreportedKey() throws Exception {
            concurrently((turn, fault, point, proxied) -> {
                try (ApiKeys keys = ProxiedDatabase.keys(proxied.store());
                        ApiKeys sound = ProxiedDatabase.keys(proxied.directStore())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        proxied.proxy().onRequest(TcpProxy.COMMIT, point, fault);

                        assertReported(proxied, sound, key -> key.name().value().equals(REPORTING), () -> issue(keys));
                        FaultyWrite.count("%s issue %s %s".formatted(database, fault, point));
                    }
                }
            });
        }

        @Test
        void faultWhileRotatingLeavesNoUnreportedSuccessor() throws Exception {
            concurrently((turn, fault, point, proxied) -> {
                try (ApiKeys keys = ProxiedDatabase.keys(proxied.store());
                        ApiKeys sound = ProxiedDatabase.keys(proxied.directStore())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        KeyId old = issue(sound).key().id();
                        proxied.proxy().onRequest(TcpProxy.COMMIT, point, fault);

                        assertReported(
                                proxied,
                                sound,
                                key -> key.predecessor().equals(Optional.of(old)),
                                () -> ProxiedDatabase.north(keys)
                                        .rotate(old, Duration.ofHours(1))
                                        .successor());
                        FaultyWrite.count("%s rotate %s %s".formatted(database, fault, point));
                        ProxiedDatabase.north(sound).revoke(old, "");
                    }
                }
            });
        }

        /** Asserts that an active key after a call is the one that it returned, or the one that its exception names. */
        private void assertReported(
                ProxiedDatabase proxied, ApiKeys sound, Predicate<ApiKey> isNew, Callable<IssuedKey> call)
                throws Exception {
            TenantKeys north = ProxiedDatabase.north(sound);
            List<KeyId> known = new ArrayList<>();
            boolean returned = false;
            try {
                IssuedKey issued = ProxiedDatabase.result(proxied.submit(call), 3);
                known.add(issued.key().id());
                returned = true;
                assertThat(sound.verify(issued.secret().reveal())).isInstanceOf(Verified.class);
            } catch (StoreUnavailableException none) {
                assertThat(known).isEmpty();
            } catch (OutcomeUnknownException doubt) {
                known.add(doubt.id().orElseThrow());
            }
            proxied.proxy().repair();
            // Waits for the lock of the writers.
            proxied.directStore().revoke(Samples.NORTH, KeyId.of("missing"), Samples.REVOCATION);
            List<KeyId> active = north.list(KeyQuery.active()).items().stream()
                    .filter(isNew)
                    .map(ApiKey::id)
                    .toList();
            assertThat(known).containsAll(active);
            if (returned) {
                assertThat(active).isEqualTo(known);
            }
            active.forEach(id -> north.revoke(id, ""));
            proxied.assertPoolIntact();
        }

        private static IssuedKey issue(ApiKeys keys) {
            return ProxiedDatabase.north(keys).issue(NewKey.named(REPORTING).allowing("read:people"));
        }

        /** Retries a call for each connection of the pool that may be broken. */
        private static Verification retried(ProxiedDatabase proxied, Callable<Verification> call) throws Exception {
            for (int i = 0; i < ProxiedDatabase.CONNECTIONS; i++) {
                try {
                    return proxied.within(call);
                } catch (StoreUnavailableException e) {
                    FaultyWrite.count("a further call failed by a broken connection");
                }
            }
            return proxied.within(call);
        }

        private void concurrently(FaultTest test) throws Exception {
            concurrently(Point.withoutResponse(), test);
        }

        private void concurrently(List<Point> points, FaultTest test) throws Exception {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (Fault fault : Fault.values()) {
                for (Point point : points) {
                    int turn = calls.size();
                    calls.add(() -> {
                        try {
                            test.run(turn, fault, point, proxied(fault + " " + point));
                            return true;
                        } catch (Exception | AssertionError e) {
                            throw new AssertionError(fault + " " + point + ": " + e, e);
                        }
                    });
                }
            }
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                for (Future<Boolean> call : threads.invokeAll(calls)) {
                    assertThat(call.get()).isTrue();
                }
            } finally {
                threads.shutdownNow();
            }
        }

        /** Returns the database of a fault and a point, which all tests share. */
        private ProxiedDatabase proxied(String name) throws Exception {
            ProxiedDatabase proxied = remotes.get(name);
            if (proxied == null) {
                proxied = ProxiedDatabase.on(database);
                remotes.put(name, proxied);
            }
            return proxied;
        }

        private static Kind kind(int turn) {
            List<Kind> kinds = List.of(Kind.values());
            return kinds.get(turn % kinds.size());
        }
    }

    /** Test of one fault at one point. */
    @FunctionalInterface
    private interface FaultTest {
        void run(int turn, Fault fault, Point point, ProxiedDatabase proxied) throws Exception;
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL);
        }
    }
}
