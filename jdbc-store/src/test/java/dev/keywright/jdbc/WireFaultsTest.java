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
import dev.keywright.jdbc.Attempt.Kind;
import dev.keywright.jdbc.Attempt.Told;
import dev.keywright.jdbc.Wire.Fault;
import dev.keywright.jdbc.Wire.Point;
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
 * The network breaks between the store and its database, at each point of a call that can be told apart. All faults of a test
 * happen at the same time, each to a store of its own, since most of them are waited for.
 */
class WireFaultsTest {

    /** How often each fault is tried: {@code -Dkeywright.rounds=10} for the table in the docs. */
    private static final int ROUNDS = Integer.getInteger("keywright.rounds", 1);

    private static final String REPORTING = "Reporting Script";

    private static final Pattern TAKE_REVISION = Pattern.compile("UPDATE keywright_coherence");
    private static final Pattern CHANGE = Pattern.compile("(UPDATE|INSERT INTO) keywright_key");
    private static final Pattern LOOK_UP = Pattern.compile("ON k.digest = ");

    @AfterAll
    static void logCounts() {
        Attempt.logCounts();
    }

    @Timeout(300)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        private final TestDatabase database;
        private final Map<String, Remote> remotes = new ConcurrentHashMap<>();

        On(TestDatabase database) {
            this.database = database;
        }

        @AfterAll
        void close() throws IOException {
            for (Remote remote : remotes.values()) {
                remote.close();
            }
        }

        @Test
        void whatAWriterIsToldOfACommitIsTrueWhereverItBreaks() throws Exception {
            atOnce((turn, fault, point, remote) -> {
                for (int round = 0; round < ROUNDS; round++) {
                    Attempt attempt = Attempt.prepared(kind(turn + round), remote.sound());
                    CountDownLatch sprung = remote.wire().when(Wire.COMMIT, point, fault);

                    Told told = remote.within(() -> attempt.make(remote.store()));

                    assertThat(Wire.happens(sprung)).isTrue();
                    // A commit that was not answered is never a yes, and never a no.
                    assertThat(told).isEqualTo(Told.UNKNOWN);
                    remote.wire().heal();
                    boolean done = attempt.expectTruth(told, remote.sound());
                    if (point == Point.BEFORE || point == Point.HALF) {
                        assertThat(done).isFalse();
                    } else if (point == Point.ANSWERED) {
                        assertThat(done).isTrue();
                    }
                    Attempt.count("%s commit %s %s: told %s, done %s".formatted(database, fault, point, told, done));
                    remote.expectWholePool();
                }
            });
        }

        /** Only the state of the connection is still to be put back, for which some drivers ask the server. */
        @Test
        void acknowledgedCommitIsDoneWhateverBreaksAfterIt() throws Exception {
            atOnce(List.of(Point.HEARD), (turn, fault, point, remote) -> {
                JdbcKeyStore store = leftReadOnly(remote);
                for (int round = 0; round < ROUNDS; round++) {
                    for (Kind kind : Kind.values()) {
                        Attempt attempt = Attempt.prepared(kind, remote.sound());
                        CountDownLatch sprung = remote.wire().when(Wire.COMMIT, point, fault);

                        Told told = remote.within(() -> attempt.make(store));

                        assertThat(Wire.happens(sprung)).isTrue();
                        assertThat(told).isEqualTo(Told.DONE);
                        remote.wire().heal();
                        attempt.expectTruth(told, remote.sound());
                        Attempt.count("%s commit %s %s: told %s, done true".formatted(database, fault, point, told));
                        remote.expectWholePool();
                    }
                }
            });
        }

        /** The store on connections that have to be made read-only again, which every driver asks the server for. */
        private static JdbcKeyStore leftReadOnly(Remote remote) {
            boolean[] opened = {false};
            JdbcKeyStore store = remote.store(Tampered.wrap(DataSource.class, remote.pool(), (method, args, real) -> {
                Connection connection = remote.pool().getConnection();
                connection.setReadOnly(opened[0]);
                return connection;
            }));
            opened[0] = true;
            return store;
        }

        @Test
        void aWriteThatBreaksBeforeItsCommitHasChangedNothing() throws Exception {
            atOnce((turn, fault, point, remote) -> {
                for (int round = 0; round < ROUNDS; round++) {
                    Attempt attempt = Attempt.prepared(kind(turn + round), remote.sound());
                    Pattern statement = (turn + turn / 4 + round) % 2 == 0 ? TAKE_REVISION : CHANGE;
                    CountDownLatch sprung = remote.wire().when(statement, point, fault);

                    Told told = remote.within(() -> attempt.make(remote.store()));

                    assertThat(Wire.happens(sprung)).isTrue();
                    assertThat(told).isEqualTo(Told.UNAVAILABLE);
                    remote.wire().heal();
                    attempt.expectTruth(told, remote.sound());
                    Attempt.count("%s statement %s %s: told %s, done false".formatted(database, fault, point, told));
                    remote.expectWholePool();
                }
            });
        }

        @Test
        void aVerificationWithoutAnAnswerIsNoYesAndNoNo() throws Exception {
            atOnce((turn, fault, point, remote) -> {
                try (ApiKeys keys = Remote.keys(remote.store());
                        ApiKeys sound = Remote.keys(remote.sound())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        IssuedKey issued = issue(sound);
                        String text = issued.secret().reveal();
                        CountDownLatch sprung = remote.wire().when(LOOK_UP, point, fault);

                        assertThatThrownBy(() -> remote.within(() -> keys.verify(text)))
                                .isInstanceOf(StoreUnavailableException.class);

                        assertThat(Wire.happens(sprung)).isTrue();
                        remote.wire().heal();
                        Attempt.count("%s look-up %s %s: told UNAVAILABLE".formatted(database, fault, point));
                        assertThat(answered(remote, () -> keys.verify(text))).isInstanceOf(Verified.class);
                        Remote.north(sound).revoke(issued.key().id(), "");
                        assertThat(keys.verify(text))
                                .isInstanceOfSatisfying(
                                        Rejected.class,
                                        no -> assertThat(no.reason()).isEqualTo(Rejected.Reason.REVOKED));
                        remote.expectWholePool();
                    }
                }
            });
        }

        @Test
        void noKeyIsIssuedThatNobodyKnowsOf() throws Exception {
            atOnce((turn, fault, point, remote) -> {
                try (ApiKeys keys = Remote.keys(remote.store());
                        ApiKeys sound = Remote.keys(remote.sound())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        remote.wire().when(Wire.COMMIT, point, fault);

                        expectAccountedFor(
                                remote, sound, key -> key.name().value().equals(REPORTING), () -> issue(keys));
                        Attempt.count("%s issue %s %s".formatted(database, fault, point));
                    }
                }
            });
        }

        @Test
        void noRotationLeavesASuccessorThatNobodyKnowsOf() throws Exception {
            atOnce((turn, fault, point, remote) -> {
                try (ApiKeys keys = Remote.keys(remote.store());
                        ApiKeys sound = Remote.keys(remote.sound())) {
                    for (int round = 0; round < ROUNDS; round++) {
                        KeyId old = issue(sound).key().id();
                        remote.wire().when(Wire.COMMIT, point, fault);

                        expectAccountedFor(
                                remote,
                                sound,
                                key -> key.predecessor().equals(Optional.of(old)),
                                () -> Remote.north(keys)
                                        .rotate(old, Duration.ofHours(1))
                                        .successor());
                        Attempt.count("%s rotate %s %s".formatted(database, fault, point));
                        Remote.north(sound).revoke(old, "");
                    }
                }
            });
        }

        /** Whatever key lives after a call is the one that it returned, or the one that it says is in doubt. */
        private void expectAccountedFor(Remote remote, ApiKeys sound, Predicate<ApiKey> isNew, Callable<IssuedKey> call)
                throws Exception {
            TenantKeys north = Remote.north(sound);
            List<KeyId> known = new ArrayList<>();
            boolean returned = false;
            try {
                IssuedKey issued = Remote.ended(remote.begun(call), 3);
                known.add(issued.key().id());
                returned = true;
                assertThat(sound.verify(issued.secret().reveal())).isInstanceOf(Verified.class);
            } catch (StoreUnavailableException none) {
                assertThat(known).isEmpty();
            } catch (OutcomeUnknownException doubt) {
                known.add(doubt.id().orElseThrow());
            }
            remote.wire().heal();
            // Waits for what is still under way.
            remote.sound().revoke(Samples.NORTH, KeyId.of("nobodys"), Samples.REVOCATION);
            List<KeyId> living = north.list(KeyQuery.active()).items().stream()
                    .filter(isNew)
                    .map(ApiKey::id)
                    .toList();
            assertThat(known).containsAll(living);
            if (returned) {
                assertThat(living).isEqualTo(known);
            }
            living.forEach(id -> north.revoke(id, ""));
            remote.expectWholePool();
        }

        private static IssuedKey issue(ApiKeys keys) {
            return Remote.north(keys).issue(NewKey.named(REPORTING).allowing("read:people"));
        }

        /** What is answered once the connections that were lost meanwhile have been found out: each can fail one call. */
        private static Verification answered(Remote remote, Callable<Verification> call) throws Exception {
            for (int i = 0; i < Remote.CONNECTIONS; i++) {
                try {
                    return remote.within(call);
                } catch (StoreUnavailableException e) {
                    Attempt.count("a further call met a lost connection");
                }
            }
            return remote.within(call);
        }

        private void atOnce(Scene scene) throws Exception {
            atOnce(Point.withoutAnswer(), scene);
        }

        private void atOnce(List<Point> points, Scene scene) throws Exception {
            List<Callable<Boolean>> scenes = new ArrayList<>();
            for (Fault fault : Fault.values()) {
                for (Point point : points) {
                    int turn = scenes.size();
                    scenes.add(() -> {
                        try {
                            scene.play(turn, fault, point, remote(fault + " " + point));
                            return true;
                        } catch (Exception | AssertionError e) {
                            throw new AssertionError(fault + " " + point + ": " + e, e);
                        }
                    });
                }
            }
            ExecutorService stage = Executors.newCachedThreadPool();
            try {
                for (Future<Boolean> played : stage.invokeAll(scenes)) {
                    assertThat(played.get()).isTrue();
                }
            } finally {
                stage.shutdownNow();
            }
        }

        /** One for each fault at each point, which all tests go on with. */
        private Remote remote(String name) throws Exception {
            Remote remote = remotes.get(name);
            if (remote == null) {
                remote = Remote.on(database);
                remotes.put(name, remote);
            }
            return remote;
        }

        private static Kind kind(int turn) {
            List<Kind> kinds = List.of(Kind.values());
            return kinds.get(turn % kinds.size());
        }
    }

    /** What happens with one fault, at one point. */
    @FunctionalInterface
    private interface Scene {
        void play(int turn, Fault fault, Point point, Remote remote) throws Exception;
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
