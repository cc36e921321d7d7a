package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.Wire.Fault;
import dev.keywright.jdbc.Wire.Point;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.StoredKey;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a heartbeat keeps its connection, loses it, and gives it back: on servers behind a wire that breaks. */
class JdbcChangeFeedTest {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final int LIMIT = 501;
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private static final Pattern POLL = Pattern.compile("FROM keywright_eviction");
    private static final Pattern LOOK_UP = Pattern.compile("ON k.digest = ");

    @Timeout(120)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        private final TestDatabase database;
        private final AtomicInteger numbers = new AtomicInteger();
        private Remote remote;

        On(TestDatabase database) {
            this.database = database;
        }

        @BeforeAll
        void open() throws Exception {
            remote = Remote.withAPatientDriver(database);
            remote.sound().openChangeFeed(LEASE).close();
        }

        @AfterAll
        void close() throws Exception {
            remote.close();
        }

        @Test
        void goesOnWhileLookUpsThatNobodyAnswersHaveAllOtherConnections() throws Exception {
            JdbcKeyStore patient =
                    JdbcKeyStore.on(remote.pool(), JdbcOptions.defaults().timeout(Duration.ofSeconds(60)));
            try (ChangeFeed heartbeat = patient.openChangeFeed(LEASE)) {
                long applied = heartbeat.poll(0, LIMIT).head();
                List<Future<?>> stalled = new ArrayList<>();
                for (int i = 1; i < Remote.CONNECTIONS; i++) {
                    CountDownLatch sprung = remote.wire().when(LOOK_UP, Point.SENT, Fault.STALL);
                    stalled.add(remote.begun(
                            () -> patient.findByDigest(Samples.digest(1)).key()));
                    assertThat(Wire.happens(sprung)).isTrue();
                }
                assertThatThrownBy(() -> remote.within(
                                () -> patient.findByDigest(Samples.digest(1)).key()))
                        .isInstanceOf(StoreUnavailableException.class);

                for (int i = 0; i < 20; i++) {
                    KeyId id = revoked();
                    Changes changes = heartbeat.poll(applied, LIMIT);
                    assertThat(changes.keys()).containsExactly(id);
                    applied = changes.head();
                }

                assertThat(stalled).noneMatch(Future::isDone);
                remote.wire().heal();
                for (Future<?> call : stalled) {
                    assertThatThrownBy(() -> Remote.ended(call)).isInstanceOf(StoreUnavailableException.class);
                }
            }
            remote.expectWholePool();
        }

        @Test
        void keepsOneConnectionAndGivesItBackAsItWasFound() throws Exception {
            AtomicInteger borrowed = new AtomicInteger();
            try (Connection connection = remote.direct().getConnection()) {
                connection.setNetworkTimeout(Runnable::run, 71_000);
                int isolation = connection.getTransactionIsolation();
                ChangeFeed heartbeat =
                        new JdbcChangeFeed(at(new OnlyConnection(connection, borrowed).source()), FOR_EVER);
                borrowed.set(0);

                for (int i = 0; i < 20; i++) {
                    KeyId id = revoked();
                    assertThat(heartbeat
                                    .poll(heartbeat.poll(0, LIMIT).head() - 1, LIMIT)
                                    .keys())
                            .containsExactly(id);
                }
                heartbeat.close();

                assertThat(borrowed).hasValue(1);
                assertThat(connection.isClosed()).isFalse();
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getNetworkTimeout()).isEqualTo(71_000);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                connection.setNetworkTimeout(Runnable::run, 0);
            }
        }

        @Test
        void leavesTheSessionAsItWas() throws Exception {
            BrokenServer server = database == TestDatabase.POSTGRESQL ? BrokenServer.POSTGRESQL : BrokenServer.MARIADB;
            try (Connection connection = remote.direct().getConnection()) {
                OnlyConnection only = new OnlyConnection(connection);
                String before = H2.ask(only.source(), server.session());
                ChangeFeed heartbeat = new JdbcChangeFeed(at(only.source()), FOR_EVER);

                heartbeat.poll(0, LIMIT);

                assertThat(H2.ask(only.source(), server.session())).isEqualTo(before);
                heartbeat.close();
                assertThat(H2.ask(only.source(), server.session())).isEqualTo(before);
            }
        }

        @Test
        void closingEndsAPollThatNobodyAnswers() throws Exception {
            // MariaDB's driver, before it closes a socket, waits for whoever reads from it: there a poll ends by its
            // bound.
            boolean endsByItself = database == TestDatabase.MARIADB;
            ChangeFeed heartbeat = endsByItself
                    ? new JdbcChangeFeed(at(remote.pool()))
                    : new JdbcChangeFeed(at(remote.pool()), FOR_EVER);
            heartbeat.poll(0, LIMIT);
            CountDownLatch sprung = remote.wire().when(POLL, Point.SENT, Fault.STALL);
            Future<Changes> poll = remote.begun(() -> heartbeat.poll(0, LIMIT));
            assertThat(Wire.happens(sprung)).isTrue();

            heartbeat.close();

            assertThatThrownBy(() -> Remote.ended(poll)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> heartbeat.poll(0, LIMIT)).isInstanceOf(StoreUnavailableException.class);
            remote.wire().heal();
            remote.expectWholePool();
        }

        @Test
        void whoClosesDoesNotWaitWhereNothingAnswersAtAll() throws Exception {
            ChangeFeed heartbeat = new JdbcChangeFeed(at(remote.pool()));
            heartbeat.poll(0, LIMIT);
            CountDownLatch sprung = remote.wire().when(POLL, Point.SENT, Fault.BLACK_HOLE);
            Future<Changes> poll = remote.begun(() -> heartbeat.poll(0, LIMIT));
            assertThat(Wire.happens(sprung)).isTrue();

            remote.within(() -> {
                heartbeat.close();
                return true;
            });

            assertThatThrownBy(() -> Remote.ended(poll)).isInstanceOf(StoreUnavailableException.class);
            remote.wire().heal();
            remote.expectWholePool();
        }

        @Test
        void aPollEndsWhereNothingAnswersAtAllAndTheNextOneHasAnotherConnection() throws Exception {
            ChangeFeed heartbeat = new JdbcChangeFeed(at(remote.pool()));
            heartbeat.poll(0, LIMIT);
            CountDownLatch sprung = remote.wire().when(POLL, Point.SENT, Fault.BLACK_HOLE);

            assertThatThrownBy(() -> remote.within(() -> heartbeat.poll(0, LIMIT)))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(Wire.happens(sprung)).isTrue();
            remote.wire().heal();
            expectNextPoll(heartbeat);
        }

        @ParameterizedTest
        @EnumSource(value = Point.class, names = "HEARD", mode = EnumSource.Mode.EXCLUDE)
        void afterACutTheNextPollHasAnotherConnection(Point point) throws Exception {
            ChangeFeed heartbeat = new JdbcChangeFeed(at(remote.pool()));
            heartbeat.poll(0, LIMIT);
            CountDownLatch sprung = remote.wire().when(POLL, point, Fault.CUT);

            assertThatThrownBy(() -> remote.within(() -> heartbeat.poll(0, LIMIT)))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(Wire.happens(sprung)).isTrue();
            expectNextPoll(heartbeat);
        }

        @Test
        void aPollThatWaitsForALockEndsOnTheServerToo() throws Exception {
            BrokenServer server = database == TestDatabase.POSTGRESQL ? BrokenServer.POSTGRESQL : BrokenServer.MARIADB;
            ChangeFeed heartbeat = new JdbcChangeFeed(at(remote.pool()));
            heartbeat.poll(0, LIMIT);
            try (Connection holder = BrokenServer.holding(remote.direct(), server.lockKeys())) {
                assertThatThrownBy(() -> remote.within(() -> heartbeat.poll(0, LIMIT)))
                        .isInstanceOf(StoreUnavailableException.class);

                assertThat(H2.number(remote.direct(), server.busy())).isZero();
                H2.run(new OnlyConnection(holder).source(), server.unlock());
                holder.setAutoCommit(true);
            }
            expectNextPoll(heartbeat);
        }

        /** Where a connection was lost, there is a new one, which tells what is true; and in the end the pool is whole. */
        private void expectNextPoll(ChangeFeed heartbeat) throws Exception {
            long applied = remote.sound()
                    .revoke(NORTH, KeyId.of("nobodys"), REVOCATION)
                    .revision();
            KeyId id = revoked();
            Changes changes = remote.within(() -> heartbeat.poll(applied, LIMIT));
            assertThat(changes.head()).isEqualTo(applied + 2);
            assertThat(changes.keys()).containsExactly(id);
            heartbeat.close();
            remote.expectWholePool();
        }

        private KeyId revoked() {
            int number = numbers.incrementAndGet();
            StoredKey key = Samples.keys(number, number + 1).get(0);
            KeyId id = key.key().id();
            remote.sound().insert(key, UNLIMITED, NOW);
            remote.sound().revoke(NORTH, id, REVOCATION);
            return id;
        }

        private static Database at(javax.sql.DataSource source) {
            return Database.at(source, JdbcOptions.defaults());
        }
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
