package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.TcpProxy.Fault;
import dev.keywright.jdbc.TcpProxy.Point;
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

/** The connection of a change feed: kept, lost and returned, on servers behind a {@link TcpProxy}. */
class JdbcChangeFeedTest {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final int LIMIT = 501;
    private static final Duration NO_TIMEOUT = Duration.ofHours(1);

    private static final Pattern POLL = Pattern.compile("FROM keywright_eviction");
    private static final Pattern LOOKUP = Pattern.compile("ON k.digest = ");

    @Timeout(120)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        private final TestDatabase database;
        private final AtomicInteger numbers = new AtomicInteger();
        private ProxiedDatabase proxied;

        On(TestDatabase database) {
            this.database = database;
        }

        @BeforeAll
        void open() throws Exception {
            proxied = ProxiedDatabase.withLongDriverTimeouts(database);
            proxied.directStore().openChangeFeed(LEASE).close();
        }

        @AfterAll
        void close() throws Exception {
            proxied.close();
        }

        @Test
        void pollsContinueWhileStalledLookupsHoldAllOtherConnections() throws Exception {
            JdbcKeyStore patient =
                    JdbcKeyStore.on(proxied.pool(), JdbcOptions.defaults().timeout(Duration.ofSeconds(60)));
            try (ChangeFeed feed = patient.openChangeFeed(LEASE)) {
                long applied = feed.poll(0, LIMIT).head();
                List<Future<?>> stalled = new ArrayList<>();
                for (int i = 1; i < ProxiedDatabase.CONNECTIONS; i++) {
                    CountDownLatch triggered = proxied.proxy().onRequest(LOOKUP, Point.SENT, Fault.STALL);
                    stalled.add(proxied.submit(
                            () -> patient.findByDigest(Samples.digest(1)).key()));
                    assertThat(TcpProxy.await(triggered)).isTrue();
                }
                assertThatThrownBy(() -> proxied.within(
                                () -> patient.findByDigest(Samples.digest(1)).key()))
                        .isInstanceOf(StoreUnavailableException.class);

                for (int i = 0; i < 20; i++) {
                    KeyId id = revoked();
                    Changes changes = feed.poll(applied, LIMIT);
                    assertThat(changes.keys()).containsExactly(id);
                    applied = changes.head();
                }

                assertThat(stalled).noneMatch(Future::isDone);
                proxied.proxy().repair();
                for (Future<?> call : stalled) {
                    assertThatThrownBy(() -> ProxiedDatabase.result(call))
                            .isInstanceOf(StoreUnavailableException.class);
                }
            }
            proxied.assertPoolIntact();
        }

        @Test
        void feedKeepsOneConnectionAndRestoresIt() throws Exception {
            AtomicInteger borrowed = new AtomicInteger();
            try (Connection connection = proxied.directSource().getConnection()) {
                connection.setNetworkTimeout(Runnable::run, 71_000);
                int isolation = connection.getTransactionIsolation();
                ChangeFeed feed =
                        new JdbcChangeFeed(at(new SingleConnection(connection, borrowed).source()), NO_TIMEOUT);
                borrowed.set(0);

                for (int i = 0; i < 20; i++) {
                    KeyId id = revoked();
                    assertThat(feed.poll(feed.poll(0, LIMIT).head() - 1, LIMIT).keys())
                            .containsExactly(id);
                }
                feed.close();

                assertThat(borrowed).hasValue(1);
                assertThat(connection.isClosed()).isFalse();
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getNetworkTimeout()).isEqualTo(71_000);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                connection.setNetworkTimeout(Runnable::run, 0);
            }
        }

        @Test
        void sessionSettingsAreRestored() throws Exception {
            FaultSql server = database == TestDatabase.POSTGRESQL ? FaultSql.POSTGRESQL : FaultSql.MARIADB;
            try (Connection connection = proxied.directSource().getConnection()) {
                SingleConnection only = new SingleConnection(connection);
                String before = H2.ask(only.source(), server.session());
                ChangeFeed feed = new JdbcChangeFeed(at(only.source()), NO_TIMEOUT);

                feed.poll(0, LIMIT);

                assertThat(H2.ask(only.source(), server.session())).isEqualTo(before);
                feed.close();
                assertThat(H2.ask(only.source(), server.session())).isEqualTo(before);
            }
        }

        @Test
        void closeAbortsAStalledPoll() throws Exception {
            // MariaDB's driver waits for the reader of a socket before it closes it, so the poll times out.
            boolean endsByTimeout = database == TestDatabase.MARIADB;
            ChangeFeed feed = endsByTimeout
                    ? new JdbcChangeFeed(at(proxied.pool()))
                    : new JdbcChangeFeed(at(proxied.pool()), NO_TIMEOUT);
            feed.poll(0, LIMIT);
            CountDownLatch triggered = proxied.proxy().onRequest(POLL, Point.SENT, Fault.STALL);
            Future<Changes> poll = proxied.submit(() -> feed.poll(0, LIMIT));
            assertThat(TcpProxy.await(triggered)).isTrue();

            feed.close();

            assertThatThrownBy(() -> ProxiedDatabase.result(poll)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> feed.poll(0, LIMIT)).isInstanceOf(StoreUnavailableException.class);
            proxied.proxy().repair();
            proxied.assertPoolIntact();
        }

        @Test
        void closeReturnsImmediatelyWhenTheServerIsUnreachable() throws Exception {
            ChangeFeed feed = new JdbcChangeFeed(at(proxied.pool()));
            feed.poll(0, LIMIT);
            CountDownLatch triggered = proxied.proxy().onRequest(POLL, Point.SENT, Fault.BLACK_HOLE);
            Future<Changes> poll = proxied.submit(() -> feed.poll(0, LIMIT));
            assertThat(TcpProxy.await(triggered)).isTrue();

            proxied.within(() -> {
                feed.close();
                return true;
            });

            assertThatThrownBy(() -> ProxiedDatabase.result(poll)).isInstanceOf(StoreUnavailableException.class);
            proxied.proxy().repair();
            proxied.assertPoolIntact();
        }

        @Test
        void pollTimesOutAndTheNextUsesAnotherConnection() throws Exception {
            ChangeFeed feed = new JdbcChangeFeed(at(proxied.pool()));
            feed.poll(0, LIMIT);
            CountDownLatch triggered = proxied.proxy().onRequest(POLL, Point.SENT, Fault.BLACK_HOLE);

            assertThatThrownBy(() -> proxied.within(() -> feed.poll(0, LIMIT)))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(TcpProxy.await(triggered)).isTrue();
            proxied.proxy().repair();
            assertNextPollSucceeds(feed);
        }

        @ParameterizedTest
        @EnumSource(value = Point.class, names = "RECEIVED", mode = EnumSource.Mode.EXCLUDE)
        void closedConnectionIsReplacedByTheNextPoll(Point point) throws Exception {
            ChangeFeed feed = new JdbcChangeFeed(at(proxied.pool()));
            feed.poll(0, LIMIT);
            CountDownLatch triggered = proxied.proxy().onRequest(POLL, point, Fault.CUT);

            assertThatThrownBy(() -> proxied.within(() -> feed.poll(0, LIMIT)))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(TcpProxy.await(triggered)).isTrue();
            assertNextPollSucceeds(feed);
        }

        @Test
        void pollThatWaitsForALockEndsOnTheServer() throws Exception {
            FaultSql server = database == TestDatabase.POSTGRESQL ? FaultSql.POSTGRESQL : FaultSql.MARIADB;
            ChangeFeed feed = new JdbcChangeFeed(at(proxied.pool()));
            feed.poll(0, LIMIT);
            try (Connection holder = FaultSql.holdLocks(proxied.directSource(), server.lockKeys())) {
                assertThatThrownBy(() -> proxied.within(() -> feed.poll(0, LIMIT)))
                        .isInstanceOf(StoreUnavailableException.class);

                assertThat(H2.number(proxied.directSource(), server.busy())).isZero();
                H2.run(new SingleConnection(holder).source(), server.unlock());
                holder.setAutoCommit(true);
            }
            assertNextPollSucceeds(feed);
        }

        /** Asserts that the next poll replaces a lost connection and returns the changes, and that the pool is intact. */
        private void assertNextPollSucceeds(ChangeFeed feed) throws Exception {
            long applied = proxied.directStore()
                    .revoke(NORTH, KeyId.of("missing"), REVOCATION)
                    .revision();
            KeyId id = revoked();
            Changes changes = proxied.within(() -> feed.poll(applied, LIMIT));
            assertThat(changes.head()).isEqualTo(applied + 2);
            assertThat(changes.keys()).containsExactly(id);
            feed.close();
            proxied.assertPoolIntact();
        }

        private KeyId revoked() {
            int number = numbers.incrementAndGet();
            StoredKey key = Samples.keys(number, number + 1).get(0);
            KeyId id = key.key().id();
            proxied.directStore().insert(key, UNLIMITED, NOW);
            proxied.directStore().revoke(NORTH, id, REVOCATION);
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
