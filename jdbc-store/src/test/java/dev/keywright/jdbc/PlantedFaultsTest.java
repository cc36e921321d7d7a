package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two typical faults of a store in a relational database, planted between the store and its database. The interleaving that exposes
 * the fault is forced; in the same interleaving, the unmodified store is correct.
 */
class PlantedFaultsTest {

    private static final KeyId OLD = KeyId.of("old");
    private static final KeyId SUCCESSOR = KeyId.of("successor");

    @Timeout(60)
    abstract static class On extends DatabaseTestCase {

        On(TestDatabase database) {
            super(database);
        }

        /** Revokes keys of a tenant while a rotation has inserted the successor and not committed. */
        void revokeWhileOneIsRotated(Callable<BulkWriteResult> revoking) throws Exception {
            store.insert(Samples.key(OLD.value(), 1), UNLIMITED, NOW);
            PausedCommit held = new PausedCommit();
            JdbcKeyStore rotating = JdbcKeyStore.on(held.on(pool));

            Future<WriteResult> rotation = threads.submit(() -> rotating.replace(
                    Samples.key(OLD.value())
                            .successor(SUCCESSOR)
                            .expiresAt(NOW.plusSeconds(3600))
                            .build(),
                    Samples.key(SUCCESSOR.value(), 2),
                    NOW));
            held.awaitReached();
            Future<BulkWriteResult> all = threads.submit(revoking);
            database.awaitBlocked(pool);
            assertThat(all).isNotDone();
            held.release();

            assertThat(rotation.get(30, TimeUnit.SECONDS).changed()).isTrue();
            assertThat(all.get(30, TimeUnit.SECONDS).changed()).isPositive();
            assertThat(isRevoked(OLD)).isTrue();
        }

        boolean isRevoked(KeyId id) {
            return store.find(NORTH, id).key().orElseThrow().key().revocation().isPresent();
        }

        @Test
        void revokingAllRevokesAnUncommittedSuccessor() throws Exception {
            revokeWhileOneIsRotated(() -> store.revokeAll(NORTH, REVOCATION));

            assertThat(isRevoked(SUCCESSOR)).isTrue();
        }

        @Test
        void revokingByCreatorRevokesAnUncommittedSuccessor() throws Exception {
            revokeWhileOneIsRotated(() -> store.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 10));

            assertThat(isRevoked(SUCCESSOR)).isTrue();
        }
    }

    /** Opens a store with some statements replaced. */
    private static JdbcKeyStore planted(DataSource pool, Map<Sql, String> others) {
        UnaryOperator<String> exchange = sql -> others.entrySet().stream()
                .filter(other -> other.getKey().text().equals(sql))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(sql);
        return JdbcKeyStore.on(InterceptedDataSource.onConnections(pool, (method, args, real) -> {
            if (method.equals("prepareStatement") && args != null) {
                args[0] = exchange.apply(String.valueOf(args[0]));
            }
            return real.call();
        }));
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL);
        }

        /** The statement takes its snapshot before it waits for the row. */
        @Test
        void revisionAndRevocationInOneStatementMissTheSuccessor() throws Exception {
            JdbcKeyStore planted = planted(
                    pool,
                    Map.of(
                            Sql.TAKE_REVISIONS,
                            "UPDATE keywright_coherence SET revision = revision + ? WHERE id = 0",
                            Sql.FIND_IDS_OF_CREATOR,
                            """
                            WITH taken AS (
                                UPDATE keywright_coherence SET revision = revision + 1
                                WHERE id = 1
                                RETURNING revision)
                            SELECT keywright_key.id
                            FROM keywright_key, taken
                            WHERE tenant = ? AND created_by_name = ? AND created_by_kind = ? AND revoked_at IS NULL
                                AND insert_revision > COALESCE((SELECT revoked_upto FROM keywright_tenant WHERE tenant = ?), -1)
                            LIMIT ?
                            """));

            revokeWhileOneIsRotated(() -> planted.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 10));

            assertThat(isRevoked(SUCCESSOR)).isFalse();
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
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2);
        }
    }

    /** A foreign transaction, which has read the keys before one is revoked, and a store on its connection. */
    @Timeout(60)
    abstract static class InsideATransaction {

        private final TestDatabase database;
        private final int isolation;
        private HikariDataSource pool;
        private Connection theirs;
        private boolean inside;
        private boolean lying;

        InsideATransaction(TestDatabase database, int isolation) {
            this.database = database;
            this.isolation = isolation;
        }

        @BeforeEach
        void open() throws Exception {
            pool = database.pool();
            JdbcSchema.install(pool);
            theirs = pool.getConnection();
            theirs.setTransactionIsolation(isolation);
        }

        @AfterEach
        void close() throws Exception {
            if (!theirs.getAutoCommit()) {
                theirs.rollback();
                theirs.setAutoCommit(true);
            }
            theirs.close();
            pool.close();
        }

        @Test
        void lookupInAnOldSnapshotIsRefused() throws Exception {
            try (ApiKeys keys = ProxiedDatabase.keys(JdbcKeyStore.on(source()));
                    ApiKeys others = ProxiedDatabase.keys(JdbcKeyStore.on(pool))) {
                String text = revokedAfterTheirRead(others);

                assertThatThrownBy(() -> keys.verify(text)).isInstanceOf(StoreUnavailableException.class);

                expectRevoked(others, text);
                inside = false;
                expectRevoked(keys, text);
            }
        }

        @Test
        void lookupInAnOldSnapshotAcceptsARevokedKey() throws Exception {
            try (ApiKeys keys = ProxiedDatabase.keys(JdbcKeyStore.on(source()));
                    ApiKeys others = ProxiedDatabase.keys(JdbcKeyStore.on(pool))) {
                String text = revokedAfterTheirRead(others);
                lying = true;

                assertThat(keys.verify(text)).isInstanceOf(Verified.class);

                lying = false;
                expectRevoked(others, text);
            }
        }

        @Test
        void pollInAnOldSnapshotIsRefused() throws Exception {
            JdbcKeyStore sound = JdbcKeyStore.on(pool);
            JdbcKeyStore store = JdbcKeyStore.on(source());
            try (ApiKeys others = ProxiedDatabase.keys(sound);
                    ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(1));
                    ChangeFeed other = sound.openChangeFeed(Duration.ofMillis(1))) {
                long applied = other.poll(0, 501).head();
                revokedAfterTheirRead(others);

                assertThatThrownBy(() -> feed.poll(applied, 501)).isInstanceOf(StoreUnavailableException.class);
                assertThat(other.poll(applied, 501).keys()).hasSize(1);

                lying = true;
                if (database == TestDatabase.POSTGRESQL) {
                    // Beginning a transaction inside another is refused by the proxy.
                    assertThatThrownBy(() -> feed.poll(applied, 501)).isInstanceOf(StoreUnavailableException.class);
                } else {
                    assertThat(feed.poll(applied, 501).head())
                            .isLessThan(other.poll(applied, 501).head());
                }
                lying = false;
            }
        }

        private String revokedAfterTheirRead(ApiKeys others) throws SQLException {
            IssuedKey issued = ProxiedDatabase.north(others)
                    .issue(NewKey.named("Reporting Script").allowing("read:people"));
            theirs.setAutoCommit(false);
            try (Statement statement = theirs.createStatement()) {
                statement
                        .executeQuery("SELECT COUNT(*) FROM keywright_key, keywright_coherence")
                        .close();
            }
            inside = true;
            ProxiedDatabase.north(others).revoke(issued.key().id(), "");
            return issued.secret().reveal();
        }

        private static void expectRevoked(ApiKeys keys, String text) {
            assertThat(keys.verify(text))
                    .isInstanceOfSatisfying(
                            Rejected.class, no -> assertThat(no.reason()).isEqualTo(Rejected.Reason.REVOKED));
        }

        /** Data source that returns the connection of the current transaction. */
        private DataSource source() {
            DataSource inTransaction = InterceptedDataSource.onConnections(
                    new SingleConnection(theirs).source(),
                    (method, args, real) -> lying && method.equals("getAutoCommit") ? true : real.call());
            return InterceptedDataSource.intercept(
                    DataSource.class,
                    pool,
                    (method, args, real) -> inside ? inTransaction.getConnection() : real.call());
        }
    }

    @Nested
    @Tag("postgresql")
    class InsideATransactionOnPostgreSql extends InsideATransaction {
        InsideATransactionOnPostgreSql() {
            super(TestDatabase.POSTGRESQL, Connection.TRANSACTION_REPEATABLE_READ);
        }
    }

    @Nested
    @Tag("mariadb")
    class InsideATransactionOnMariaDb extends InsideATransaction {
        InsideATransactionOnMariaDb() {
            super(TestDatabase.MARIADB, Connection.TRANSACTION_REPEATABLE_READ);
        }
    }

    @Nested
    class InsideATransactionOnH2 extends InsideATransaction {
        InsideATransactionOnH2() {
            super(TestDatabase.H2, Connection.TRANSACTION_REPEATABLE_READ);
        }
    }

    @Nested
    class InsideATransactionOnSqlite extends InsideATransaction {
        InsideATransactionOnSqlite() {
            super(TestDatabase.SQLITE, Connection.TRANSACTION_SERIALIZABLE);
        }
    }
}
