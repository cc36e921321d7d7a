package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.DuplicateKeyException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class JdbcKeyStoreConnectionsTest {

    private final DataSource source = H2.installed(H2.inMemory());

    @Test
    void connectionIsRestoredAfterAnyOutcome() throws Exception {
        try (Connection connection = source.getConnection()) {
            OneConnection one = new OneConnection(connection);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            JdbcKeyStore store = JdbcKeyStore.on(one.source());

            store.insert(Samples.key("first", 1), UNLIMITED, NOW);
            one.assertRestored();
            assertThatThrownBy(() -> store.insert(Samples.key("first", 2), UNLIMITED, NOW))
                    .isInstanceOf(DuplicateKeyException.class);
            one.assertRestored();
            store.recordUsage(List.of(Samples.delta("first", 1, 1, "read:people")));
            one.assertRestored();
            store.claimExpiring(NOW, Duration.ofSeconds(1), 1);
            one.assertRestored();
            store.insertAll(Samples.candidates(Samples.keys(0, 2)));
            one.assertRestored();
            store.revoke(NORTH, KeyId.of("first"), REVOCATION);
            one.assertRestored();
            store.purge(NOW, 1);
            one.assertRestored();
            store.list(Samples.selection(NORTH, KeyQuery.active(), 1));
            one.assertRestored();
            assertThat(one.isolationsAtCommit()).containsOnly(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    @Test
    void readOnlyConnectionIsWrittenToAndRestored() throws Exception {
        try (Connection connection = source.getConnection()) {
            OneConnection one = new OneConnection(connection);
            JdbcKeyStore store = JdbcKeyStore.on(one.source());
            one.readOnly = true;

            store.insert(Samples.key("first", 1), UNLIMITED, NOW);

            assertThat(one.readOnlyAtCommit).isFalse();
            assertThat(one.readOnly).isTrue();
        }
    }

    @Test
    void readOnlyDataSourceIsRefused() throws Exception {
        try (Connection connection = source.getConnection()) {
            OneConnection one = new OneConnection(connection);
            one.readOnly = true;

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(one.source()))
                    .withMessageContaining("give Keywright a DataSource of its own that writes to the primary");
        }
    }

    @Test
    void dataSourceWithDirtyReadsIsRefused() throws Exception {
        try (Connection connection = source.getConnection()) {
            OneConnection one = new OneConnection(connection);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(one.source()))
                    .withMessageContaining("READ UNCOMMITTED");

            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThat(one.closed).isPositive();
        }
    }

    @Test
    void dataSourceInsideATransactionIsRefused() throws Exception {
        try (Connection connection = source.getConnection()) {
            JdbcKeyStore opened = JdbcKeyStore.on(new OneConnection(connection).source());
            connection.setAutoCommit(false);
            H2.run(
                    new OneConnection(connection).source(),
                    "CREATE LOCAL TEMPORARY TABLE theirs (id INT) NOT PERSISTENT");
            OneConnection inTransaction = new OneConnection(connection);

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> JdbcKeyStore.on(inTransaction.source()))
                    .withMessageContaining("give Keywright a DataSource of its own, with autocommit on");
            assertThatThrownBy(() -> JdbcSchema.install(inTransaction.source()))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> opened.insert(Samples.key("first", 1), UNLIMITED, NOW))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> opened.findByDigest(Samples.digest(1)).key())
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(inTransaction.isolationsAtCommit()).isEmpty();
            assertThat(inTransaction.closed).isEqualTo(4);
        }
    }

    @Test
    void noCallHoldsTwoConnections() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcSchema.install(pool);
            JdbcKeyStore store = JdbcKeyStore.on(pool);

            store.insert(Samples.key("first", 1), UNLIMITED, NOW);
            store.revoke(NORTH, KeyId.of("first"), REVOCATION);
            ApiKey second = store.insert(Samples.key("second", 2), ofTenant(5), NOW)
                    .key()
                    .orElseThrow()
                    .key();
            store.insertAll(Samples.candidates(Samples.keys(0, 2)));
            store.replace(second, Samples.key("third", 3), NOW);
            store.change(second, NOW);
            store.usageStore().orElseThrow().recordUsage(List.of(Samples.delta("second", 1, 1, "read:people")));
            store.usageStore().orElseThrow().claimExpiring(NOW, Duration.ofSeconds(1), 1);
            store.revokeAll(NORTH, REVOCATION);
            store.purge(NOW, 1);
            store.find(NORTH, KeyId.of("first")).key();
            store.findByDigest(Samples.digest(1)).key();
            store.list(Samples.selection(NORTH, KeyQuery.active(), 1));
            store.countByOrigin(NOW);
            store.originsInUse(NOW);

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void exhaustedPoolIsAnOutageWithItsCause() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcSchema.install(pool);
            JdbcKeyStore store = JdbcKeyStore.on(pool);

            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> store.findByDigest(Samples.digest(1)).key())
                        .havingCause()
                        .withMessageContaining("timed out");
                assertThatThrownBy(() -> store.insert(Samples.key("first", 1), UNLIMITED, NOW))
                        .isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(store.findByDigest(Samples.digest(1)).key()).isEmpty();
        }
    }

    @Test
    void interruptedThreadKeepsItsStatusAndChangesNothing() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcSchema.install(pool);
            JdbcKeyStore store = JdbcKeyStore.on(pool);
            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> store.revoke(NORTH, KeyId.of("first"), REVOCATION))
                        .isInstanceOf(StoreUnavailableException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }

            Thread.currentThread().interrupt();
            try {
                store.insert(Samples.key("first", 1), UNLIMITED, NOW);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(store.findByDigest(Samples.digest(1)).key()).isPresent();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    /** Therefore a pool must have at least two connections. */
    @Test
    void changeFeedTakesTheOnlyConnectionOfAPool() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcSchema.install(pool);
            JdbcKeyStore store = JdbcKeyStore.on(pool);

            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(1))) {
                assertThat(store.findByDigest(Samples.digest(1)).key()).isEmpty();
                feed.poll(0, 501);
                assertThatThrownBy(() -> store.findByDigest(Samples.digest(1)).key())
                        .isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(() -> store.revoke(NORTH, KeyId.of("first"), REVOCATION))
                        .isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(store.findByDigest(Samples.digest(1)).key()).isEmpty();
        }
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        return new HikariDataSource(config);
    }

    /** Returns a data source that always hands out the same connection, and restores nothing. */
    private static final class OneConnection {

        private final Connection connection;
        private final List<Integer> isolationsAtCommit = new ArrayList<>();
        private boolean readOnly;
        private boolean readOnlyAtCommit;
        private int closed;

        OneConnection(Connection connection) {
            this.connection = connection;
        }

        DataSource source() {
            return InterceptedDataSource.intercept(
                    DataSource.class,
                    H2.at("jdbc:h2:mem:never-opened"),
                    (method, args, real) -> InterceptedDataSource.intercept(
                            Connection.class, connection, (inner, innerArgs, realInner) -> {
                                switch (inner) {
                                    case "close" -> {
                                        closed++;
                                        return null;
                                    }
                                    case "isReadOnly" -> {
                                        return readOnly;
                                    }
                                    case "setReadOnly" -> {
                                        readOnly = innerArgs != null && Boolean.TRUE.equals(innerArgs[0]);
                                        return null;
                                    }
                                    case "commit" -> {
                                        isolationsAtCommit.add(connection.getTransactionIsolation());
                                        readOnlyAtCommit |= readOnly;
                                    }
                                    default -> {}
                                }
                                return realInner.call();
                            }));
        }

        List<Integer> isolationsAtCommit() {
            return isolationsAtCommit;
        }

        void assertRestored() throws Exception {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
    }
}
