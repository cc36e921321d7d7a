package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Once a node opens a change feed, every writer gets the lease, which is the same for all nodes. */
class OpenChangeFeedTest {

    private static final int NODES = 8;
    private static final int WRITERS = 3;
    private static final int ROUNDS = Integer.getInteger("keywright.rounds", 3);

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final KeyId NOBODYS = KeyId.of("nobodys");

    @Timeout(60)
    abstract static class On extends DatabaseTestCase {

        On(TestDatabase database) {
            super(database);
        }

        @Override
        int connections() {
            return NODES + WRITERS + 1;
        }

        @Test
        void concurrentNodesAgreeOnOneLease() throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                H2.run(pool, "UPDATE keywright_coherence SET lease_millis = 0");
                CountDownLatch begun = new CountDownLatch(1);
                CyclicBarrier start = new CyclicBarrier(NODES + WRITERS);
                List<Future<Set<Duration>>> all = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    all.add(threads.submit(() -> {
                        start.await();
                        return toldToWritersThatBeginAfter(begun);
                    }));
                }
                for (int i = 1; i <= NODES; i++) {
                    Duration lease = LEASE.plusMillis(i);
                    all.add(threads.submit(() -> {
                        start.await();
                        return toldToANode(lease, begun);
                    }));
                }

                Set<Duration> outcome = new HashSet<>();
                for (Future<Set<Duration>> each : all) {
                    outcome.addAll(each.get(30, TimeUnit.SECONDS));
                }
                assertThat(outcome)
                        .singleElement()
                        .satisfies(lease -> assertThat(lease).isBetween(LEASE.plusMillis(1), LEASE.plusMillis(NODES)));
            }
        }

        private Set<Duration> toldToANode(Duration lease, CountDownLatch begun) {
            try (ChangeFeed feed = store.openChangeFeed(lease)) {
                begun.countDown();
                return Set.of(feed.poll(0, 501).lease());
            }
        }

        private Set<Duration> toldToWritersThatBeginAfter(CountDownLatch begun) {
            Set<Duration> outcome = new HashSet<>();
            for (int after = 0; after < 5; ) {
                boolean later = begun.getCount() == 0;
                Duration lease = write().lease();
                if (later) {
                    outcome.add(lease);
                    after++;
                }
            }
            return outcome;
        }

        private WriteResult write() {
            return store.revoke(NORTH, NOBODYS, REVOCATION);
        }
    }

    /** On databases that report waiting transactions. */
    abstract static class Forced extends On {

        Forced(TestDatabase database) {
            super(database);
        }

        @Test
        void openingWaitsForAWriterWithoutALease() throws Exception {
            PausedCommit held = new PausedCommit();
            JdbcKeyStore holding = JdbcKeyStore.on(held.on(pool));
            Future<WriteResult> early = threads.submit(() -> holding.revoke(NORTH, NOBODYS, REVOCATION));
            held.awaitReached();

            Future<ChangeFeed> begun = threads.submit(() -> store.openChangeFeed(LEASE));
            database.awaitBlocked(pool);
            assertThat(begun).isNotDone();
            held.release();

            assertThat(early.get(30, TimeUnit.SECONDS).lease()).isZero();
            begun.get(30, TimeUnit.SECONDS).close();
            assertThat(store.revoke(NORTH, NOBODYS, REVOCATION).lease()).isEqualTo(LEASE);
        }

        @Test
        void writerDuringAnOpeningGetsTheLease() throws Exception {
            PausedCommit held = new PausedCommit();
            JdbcKeyStore holding = JdbcKeyStore.on(held.on(pool));
            Future<ChangeFeed> begun = threads.submit(() -> holding.openChangeFeed(LEASE));
            held.awaitReached();

            Future<WriteResult> written = threads.submit(() -> store.revoke(NORTH, NOBODYS, REVOCATION));
            database.awaitBlocked(pool);
            assertThat(written).isNotDone();
            held.release();

            begun.get(30, TimeUnit.SECONDS).close();
            assertThat(written.get(30, TimeUnit.SECONDS).lease()).isEqualTo(LEASE);
        }
    }

    @Nested
    class OnH2 extends Forced {
        OnH2() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE);
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends Forced {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends Forced {
        OnMariaDb() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends Forced {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL);
        }
    }
}
