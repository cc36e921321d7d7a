package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers during the opening of a change feed get the lease, on databases that report waiting transactions. */
class OpenChangeFeedTest {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final KeyId UNKNOWN = KeyId.of("unknown");

    @Timeout(60)
    abstract static class On extends DatabaseTestCase {

        On(TestDatabase database) {
            super(database);
        }

        @Test
        void openingWaitsForAWriterWithoutALease() throws Exception {
            PausedCommit paused = new PausedCommit();
            JdbcKeyStore other = JdbcKeyStore.on(paused.on(pool));
            Future<WriteResult> early = threads.submit(() -> other.revoke(NORTH, UNKNOWN, REVOCATION));
            paused.awaitReached();

            Future<ChangeFeed> opening = threads.submit(() -> store.openChangeFeed(LEASE));
            database.awaitBlocked(pool);
            assertThat(opening).isNotDone();
            paused.release();

            assertThat(early.get(30, TimeUnit.SECONDS).lease()).isZero();
            opening.get(30, TimeUnit.SECONDS).close();
            assertThat(store.revoke(NORTH, UNKNOWN, REVOCATION).lease()).isEqualTo(LEASE);
        }

        @Test
        void writerDuringAnOpeningGetsTheLease() throws Exception {
            PausedCommit paused = new PausedCommit();
            JdbcKeyStore other = JdbcKeyStore.on(paused.on(pool));
            Future<ChangeFeed> opening = threads.submit(() -> other.openChangeFeed(LEASE));
            paused.awaitReached();

            Future<WriteResult> write = threads.submit(() -> store.revoke(NORTH, UNKNOWN, REVOCATION));
            database.awaitBlocked(pool);
            assertThat(write).isNotDone();
            paused.release();

            opening.get(30, TimeUnit.SECONDS).close();
            assertThat(write.get(30, TimeUnit.SECONDS).lease()).isEqualTo(LEASE);
        }
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2);
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
