package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.PEPPER;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.Heartbeat;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a poll tells is one snapshot: of each revision up to the one that it names it tells all, and of each above it nothing.
 * A key whose change fell between would be answered for as long as nothing else makes the node forget it.
 */
class PollSnapshotTest {

    /** How many polls have to hear of something: {@code -Dkeywright.polls=20000} for a longer look. */
    private static final int POLLS = Integer.getInteger("keywright.polls", 50);

    private static final Duration LEASE = Duration.ofMillis(1);

    private static final Logger LOG = LoggerFactory.getLogger(PollSnapshotTest.class);

    /** Which keys each revision has written, and which revisions have raised the floor. */
    private record History(
            ConcurrentSkipListMap<Long, Set<KeyId>> written, ConcurrentSkipListMap<Long, Boolean> floors) {

        History() {
            this(new ConcurrentSkipListMap<>(), new ConcurrentSkipListMap<>());
        }

        void add(long revision, KeyId... ids) {
            written.put(revision, Set.of(ids));
        }

        /** What the snapshot holds that this revision is the last of. */
        Set<KeyId> between(long applied, long revision) {
            Set<KeyId> ids = new HashSet<>();
            if (applied < revision) {
                written.subMap(applied, false, revision, true).values().forEach(ids::addAll);
            }
            return ids;
        }

        long floorAt(long revision) {
            Long floor = floors.floorKey(revision);
            return floor == null ? 0 : floor;
        }
    }

    /** What was asked, and answered. */
    private record Asked(long applied, Poll poll) {

        boolean isOneSnapshot(History history) {
            return poll.floor() == history.floorAt(poll.revision())
                    && history.between(applied, poll.revision()).equals(new HashSet<>(poll.changed()));
        }
    }

    /** Writes to the keys of a tenant of its own, one thing after another, until it is told to stop. */
    private static final class Writer implements Runnable {

        private static final AtomicInteger NUMBERS = new AtomicInteger();

        private final KeyStore store;
        private final History history;
        private final TenantId tenant = TenantId.of("tenant" + NUMBERS.incrementAndGet());
        private final Random random = new Random(NUMBERS.get());
        private final List<ApiKey> living = new ArrayList<>();
        private volatile boolean stopped;

        Writer(KeyStore store, History history) {
            this.store = store;
            this.history = history;
        }

        @Override
        public void run() {
            while (!stopped) {
                int choice = living.isEmpty() ? 0 : random.nextInt(20);
                if (choice < 5) {
                    insert();
                } else if (choice < 7) {
                    insertTwo();
                } else if (choice < 11) {
                    change(living.remove(0));
                } else if (choice < 15) {
                    replace(living.remove(0));
                } else if (choice < 19) {
                    revoke(living.remove(0));
                } else {
                    revokeAll();
                }
            }
        }

        private void insert() {
            keep(store.insert(key(), UNLIMITED, NOW));
        }

        private void insertTwo() {
            store.insertAll(List.of(key(), key())).forEach(this::keep);
        }

        private void change(ApiKey key) {
            keep(store.change(key.toBuilder().endsAt(NOW.plusSeconds(60)).build(), NOW));
        }

        private void replace(ApiKey key) {
            StoredKey successor = key();
            KeyId id = successor.key().id();
            Written written = store.replace(
                    key.toBuilder().successor(id).endsAt(NOW.plusSeconds(60)).build(), successor, NOW);
            history.add(written.revision(), key.id(), id);
            living.add(successor.key());
        }

        private void revoke(ApiKey key) {
            history.add(store.revoke(tenant, key.id(), REVOCATION).revision(), key.id());
        }

        private void revokeAll() {
            Set<KeyId> open = new HashSet<>();
            for (ApiKey.State state : List.of(ApiKey.State.ACTIVE, ApiKey.State.EXPIRED)) {
                store.list(tenant, state, NOW, null, 10_000)
                        .forEach(key -> open.add(key.key().id()));
            }
            long revision = store.revokeAll(tenant, REVOCATION).revision();
            history.add(revision, open.toArray(KeyId[]::new));
            history.floors().put(revision, true);
            living.clear();
        }

        private void keep(Written written) {
            ApiKey key = written.key().orElseThrow().key();
            assertThat(written.changed()).isTrue();
            history.add(written.revision(), key.id());
            living.add(key);
        }

        private StoredKey key() {
            int number = NUMBERS.incrementAndGet();
            byte[] digest = ByteBuffer.allocate(Digest.LENGTH).putInt(number).array();
            return StoredKey.unsaved(Samples.key("key" + number).tenant(tenant).build(), Digest.of(digest), PEPPER);
        }
    }

    @Timeout(120)
    abstract static class On extends OnDatabase {

        On(TestDatabase database) {
            super(database);
        }

        @Test
        void ofEachRevisionUpToItsOwnAPollTellsAllAndOfNoneAbove() throws Exception {
            History history = new History();
            List<Writer> writers = new ArrayList<>();
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Writer writer = new Writer(store, history);
                writers.add(writer);
                writing.add(threads.submit(writer));
            }

            List<Asked> all = new ArrayList<>();
            try (Heartbeat heartbeat = store.beginCaching(LEASE)) {
                long applied = 0;
                int heard = 0;
                while (heard < POLLS) {
                    Poll poll = heartbeat.poll(applied, 1_000_000);
                    all.add(new Asked(applied, poll));
                    heard += poll.changed().isEmpty() ? 0 : 1;
                    applied = poll.revision();
                }
            }
            writers.forEach(writer -> writer.stopped = true);
            for (Future<?> each : writing) {
                each.get(30, TimeUnit.SECONDS);
            }

            LOG.info(
                    "SEEN {}: {} polls, {} of which heard of what was written by then at {} revisions",
                    database,
                    all.size(),
                    POLLS,
                    all.get(all.size() - 1).poll().revision());
            assertThat(all).allMatch(asked -> asked.isOneSnapshot(history));
        }

        @Test
        void aPollInTwoStatementsWouldMissWhatIsCommittedBetween() throws Exception {
            History history = new History();
            KeyId id = KeyId.of("first");
            history.add(store.insert(Samples.key("first", 1), UNLIMITED, NOW).revision(), id);
            long applied = H2.number(pool, "SELECT revision FROM keywright_coherence");

            String changed = H2.ask(pool, "SELECT COUNT(*) FROM keywright_key WHERE changed_at > " + applied);
            history.add(store.revoke(Samples.NORTH, id, REVOCATION).revision(), id);
            long revision = H2.number(pool, "SELECT revision FROM keywright_coherence");

            assertThat(changed).isEqualTo("0");
            assertThat(new Asked(applied, new Poll(revision, 0, LEASE, List.of())).isOneSnapshot(history))
                    .isFalse();
            try (Heartbeat heartbeat = store.beginCaching(LEASE)) {
                assertThat(new Asked(applied, heartbeat.poll(applied, 10)).isOneSnapshot(history))
                        .isTrue();
            }
        }

        @Test
        void aPollTellsOfNoRevisionThatIsNotCommittedWhateverThePoolsIsolation() throws Exception {
            for (String isolation : List.of("READ_UNCOMMITTED", "REPEATABLE_READ", "SERIALIZABLE")) {
                if (database == TestDatabase.SQLITE && isolation.equals("REPEATABLE_READ")) {
                    continue;
                }
                HikariConfig config = new HikariConfig();
                config.setJdbcUrl(pool.getJdbcUrl());
                config.setTransactionIsolation("TRANSACTION_" + isolation);
                config.setMinimumIdle(0);
                try (HikariDataSource other = new HikariDataSource(config)) {
                    expectNothingOfWhatIsNotCommitted(other, isolation);
                }
            }
        }

        private void expectNothingOfWhatIsNotCommitted(HikariDataSource other, String isolation) throws Exception {
            KeyId id = KeyId.of("nobodys");
            HeldCommit held = new HeldCommit();
            JdbcKeyStore holding = JdbcKeyStore.on(held.on(pool));
            try (Heartbeat heartbeat = new JdbcHeartbeat(Database.at(other, JdbcOptions.defaults()))) {
                long applied = heartbeat.poll(0, 100).revision();
                Future<Written> written = threads.submit(() -> holding.revoke(Samples.NORTH, id, REVOCATION));
                held.awaitReached();

                Poll before = heartbeat.poll(applied, 100);
                held.release();
                long revision = written.get(30, TimeUnit.SECONDS).revision();

                assertThat(before.revision()).as(isolation).isEqualTo(applied);
                assertThat(heartbeat.poll(applied, 100).revision())
                        .as(isolation)
                        .isEqualTo(revision);
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

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL);
        }
    }
}
