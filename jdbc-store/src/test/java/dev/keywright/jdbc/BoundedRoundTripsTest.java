package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.DuplicateKeyException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every call on a connection has a network time-out, since any of them may query the server. */
class BoundedRoundTripsTest {

    /** Methods that query the server in no driver. */
    private static final Set<String> LOCAL = Set.of(
            "getNetworkTimeout", "setNetworkTimeout", "isClosed", "close", "abort", "getMetaData", "isWrapperFor");

    @Timeout(60)
    abstract static class On {

        private final TestDatabase database;
        private final List<String> unbounded = new ArrayList<>();
        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicInteger borrowed = new AtomicInteger();
        private String fault = "";
        private HikariDataSource pool;
        private JdbcKeyStore store;

        On(TestDatabase database) {
            this.database = database;
        }

        @BeforeEach
        void open() throws Exception {
            pool = database.pool();
            JdbcSchema.install(pool);
            JdbcKeyStore.on(pool).insert(Samples.key("there", 1), UNLIMITED, NOW);
            boolean[] opened = {false};
            store = JdbcKeyStore.on(InterceptedDataSource.intercept(DataSource.class, pool, (asked, with, real) -> {
                int[] timeout = {0};
                Connection connection = pool.getConnection();
                // Each write has to change this setting and restore it.
                connection.setReadOnly(opened[0]);
                borrowed.incrementAndGet();
                return InterceptedDataSource.intercept(Connection.class, connection, (method, args, call) -> {
                    if (method.equals("setNetworkTimeout") && args != null) {
                        timeout[0] = Integer.parseInt(String.valueOf(args[1]));
                    }
                    if (method.equals("close")) {
                        closed.incrementAndGet();
                    }
                    if (opened[0] && timeout[0] == 0 && !LOCAL.contains(method)) {
                        unbounded.add(method);
                    }
                    if (method.equals(fault)) {
                        throw new IllegalStateException("the driver broke");
                    }
                    return call.call();
                });
            }));
            opened[0] = true;
        }

        @AfterEach
        void close() {
            pool.close();
        }

        @Test
        void everyRoundTripOfEveryCallIsBounded() {
            store.insert(Samples.key("first", 2), UNLIMITED, NOW);
            assertThatThrownBy(() -> store.insert(Samples.key("first", 3), UNLIMITED, NOW))
                    .isInstanceOf(DuplicateKeyException.class);
            store.insertAll(Samples.candidates(Samples.keys(4, 6)));
            store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("first", 1, 1, "read:people")));
            store.usageStore().orElseThrow().claimExpiring(NOW, Duration.ofSeconds(1), 1);
            store.revoke(NORTH, KeyId.of("first"), REVOCATION);
            store.revokeAll(NORTH, REVOCATION);
            store.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 1);
            store.purge(NOW, 1);
            store.purgeTenant(NORTH, 1);
            store.forgetEvictions(1);
            store.findByDigest(Samples.digest(1));
            store.list(Samples.selection(NORTH, KeyQuery.active(), 1));
            store.originsInUse(NOW);
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(250))) {
                feed.poll(0, 10);
                feed.poll(0, 10);
            }

            assertThat(unbounded).isEmpty();
            assertThat(closed.get()).isEqualTo(borrowed.get());
        }

        @Test
        void brokenDriverLeaksNoConnection() {
            for (String each : List.of(
                    "getNetworkTimeout",
                    "setNetworkTimeout",
                    "getAutoCommit",
                    "isReadOnly",
                    "setReadOnly",
                    "getTransactionIsolation",
                    "setAutoCommit",
                    "createStatement",
                    "prepareStatement",
                    "commit",
                    "rollback")) {
                fault = each;
                for (Runnable call : List.<Runnable>of(
                        () -> store.revoke(NORTH, KeyId.of("there"), REVOCATION),
                        () -> store.findByDigest(Samples.digest(1)),
                        () -> pollOnce(store))) {
                    try {
                        call.run();
                    } catch (RuntimeException expected) {
                        assertThat(expected).isNotNull();
                    }
                    assertThat(closed.get()).as(each).isEqualTo(borrowed.get());
                }
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }

        private static void pollOnce(JdbcKeyStore store) {
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(250))) {
                feed.poll(0, 10);
            }
        }

        @Test
        void changeFeedLeaksNoConnectionOfABrokenDriver() {
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(250))) {
                fault = "getTransactionIsolation";
                if (database == TestDatabase.POSTGRESQL) {
                    fault = "getAutoCommit";
                }

                assertThatThrownBy(() -> feed.poll(0, 10))
                        .isInstanceOfAny(StoreUnavailableException.class, IllegalStateException.class);
            }
            assertThat(closed.get()).isEqualTo(borrowed.get());
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
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
