package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.KeyStore.MAX_KEYS_PER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.spi.StoredKey;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bulk writes on a tenant with many keys, while another tenant writes. Logs how long each kind of transaction held its locks, and
 * how long the writes of the other tenant took. {@code -Dkeywright.keys=1000000} sets the number of keys.
 */
@Tag("long")
class BulkWritesTest {

    private static final int KEYS = Integer.getInteger("keywright.keys", 12_000);

    /** Number of measured bulk writes of each kind. */
    private static final int WRITES = 10;

    private static final TenantId SOUTH = TenantId.of("south");

    /** Late enough for the keys of the other tenant not to be purged. */
    private static final Revocation LATER = new Revocation(NOW.plusSeconds(60), REVOCATION.by(), "");

    private static final Logger LOG = LoggerFactory.getLogger(BulkWritesTest.class);

    /** Lock of a transaction, and when it was taken. */
    private record Lock(String what, long nanoTime) {}

    private static final ThreadLocal<Lock> SINCE = new ThreadLocal<>();

    @Timeout(1200)
    abstract static class On extends DatabaseTestCase {

        private final Map<String, Queue<Long>> held = new ConcurrentHashMap<>();
        private final Map<String, Queue<Long>> waited = new ConcurrentHashMap<>();
        private volatile String step = "";
        private volatile boolean over;

        On(TestDatabase database) {
            super(database);
        }

        @Test
        void bulkWritesCompleteWhileAnotherTenantWrites() throws Exception {
            fill();
            JdbcKeyStore bulk = JdbcKeyStore.on(measured(pool));
            step = "revokeAll";
            Future<Integer> other = threads.submit(this::writeMeanwhile);

            assertThat(bulk.revokeAll(NORTH, REVOCATION).changed()).isEqualTo(KEYS);
            assertThat(H2.number(
                            pool,
                            "SELECT COUNT(*) FROM keywright_key WHERE revoked_at IS NULL AND insert_revision <= "
                                    + KEYS))
                    .isZero();
            assertThat(H2.number(pool, "SELECT COUNT(*) FROM keywright_tenant")).isZero();

            step = "insertAll";
            for (int i = 0; i < WRITES; i++) {
                List<StoredKey> keys = Samples.keys(i * MAX_KEYS_PER_WRITE, (i + 1) * MAX_KEYS_PER_WRITE);
                assertThat(bulk.insertAll(Samples.candidates(keys))).allMatch(written -> written.changed());
            }
            step = "revokeCreatedBy";
            for (int i = 0; i < WRITES; i++) {
                assertThat(bulk.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, MAX_KEYS_PER_WRITE)
                                .changed())
                        .isEqualTo(MAX_KEYS_PER_WRITE);
            }
            step = "purge";
            for (int i = 0; i < WRITES; i++) {
                assertThat(bulk.purge(NOW.plusMillis(1), MAX_KEYS_PER_WRITE).changed())
                        .isEqualTo(MAX_KEYS_PER_WRITE);
            }
            step = "purgeTenant";
            for (int i = 0; i < WRITES; i++) {
                assertThat(bulk.purgeTenant(NORTH, MAX_KEYS_PER_WRITE).changed())
                        .isEqualTo(MAX_KEYS_PER_WRITE);
            }
            over = true;

            assertThat(other.get(60, TimeUnit.SECONDS)).isPositive();
            LOG.info(
                    "SEEN {}: {} keys; median to longest, in µs: locks held {}; writes of the other tenant, of which"
                            + " there were {}, {}",
                    database,
                    KEYS,
                    micros(held),
                    other.get(),
                    micros(waited));
        }

        private static void add(Map<String, Queue<Long>> times, String what, long nanos) {
            times.computeIfAbsent(what, first -> new ConcurrentLinkedQueue<>()).add(nanos);
        }

        /** Returns the median and the maximum of each, in microseconds. */
        private static Map<String, String> micros(Map<String, Queue<Long>> nanos) {
            Map<String, String> micros = new TreeMap<>();
            nanos.forEach((what, values) -> {
                long[] sorted =
                        values.stream().mapToLong(Long::longValue).sorted().toArray();
                micros.put(what, micros(sorted[sorted.length / 2]) + " to " + micros(sorted[sorted.length - 1]));
            });
            return micros;
        }

        private static long micros(long nanos) {
            return TimeUnit.NANOSECONDS.toMicros(nanos);
        }

        private Integer writeMeanwhile() {
            int writes = 0;
            while (!over) {
                String now = step;
                KeyId id = KeyId.of("other" + writes);
                StoredKey key = StoredKey.unsaved(
                        Samples.key(id.value()).tenant(SOUTH).build(),
                        Samples.keys(5_000_000 + writes, 5_000_001 + writes)
                                .get(0)
                                .digest(),
                        Samples.PEPPER,
                        "ck_");
                long before = System.nanoTime();
                store.insert(key, UNLIMITED, NOW);
                long between = System.nanoTime();
                store.revoke(SOUTH, id, LATER);
                long longest = Math.max(between - before, System.nanoTime() - between);
                add(waited, now, longest);
                writes += 2;
            }
            return writes;
        }

        /** Measures the time from taking a lock to the acknowledgement of the commit. */
        private DataSource measured(DataSource source) {
            return InterceptedDataSource.onConnections(source, (method, args, real) -> {
                String sql = method.equals("prepareStatement") && args != null ? String.valueOf(args[0]) : "";
                boolean sweep = sql.startsWith("UPDATE keywright_key") && !sql.contains("change_revision");
                if (sweep || sql.equals(Sql.READ_COHERENCE.text())) {
                    SINCE.set(new Lock(sweep ? "sweep" : step, System.nanoTime()));
                }
                Object result = real.call();
                Lock lock = SINCE.get();
                if (method.equals("commit") && lock != null) {
                    add(held, lock.what(), System.nanoTime() - lock.nanoTime());
                    SINCE.remove();
                }
                return result;
            });
        }

        private void fill() throws Exception {
            String keys = """
                INSERT INTO keywright_key (%s, inactive_at, name_folded)
                SELECT CAST(CONCAT('many', x) AS BYTES), CAST('north' AS BYTES),
                    CAST(CONCAT('0123456789abcdef012345', 1000000000 + x) AS BYTES), CAST('pepper1' AS BYTES),
                    'Reporting Script', 'o5p6', 'read:people write:people', BORN + x, 'PERSON', CAST('eve' AS BYTES), NULL,
                    NULL, NULL, NULL, NULL, x, x, 1, NULL, NULL, CAST('ck_' AS BYTES), NULL, NULL, 'PERSON',
                    CAST('eve' AS BYTES), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, CAST('reporting script' AS BYTES)
                FROM NUMBERS
                """.formatted(Sql.Fragments.KEY)
                    .replace("BORN", String.valueOf(NOW.toEpochMilli()))
                    .replace("BYTES", KeyPopulation.bytes(database))
                    .replace("NUMBERS", KeyPopulation.numbers(database).formatted(KEYS));
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(keys);
                statement.execute("INSERT INTO keywright_usage (key_id, use_count) SELECT id, 0 FROM keywright_key");
                statement.execute("UPDATE keywright_coherence SET revision = " + KEYS);
                switch (database) {
                    case H2, SQLITE, POSTGRESQL -> statement.execute("ANALYZE");
                    case MARIADB, MARIADB_MYSQL -> statement.execute("ANALYZE TABLE keywright_key, keywright_usage");
                }
            }
        }
    }

    @Nested
    class OnH2 extends On {
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
}
