package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.FaultyWrite.Kind;
import dev.keywright.jdbc.FaultyWrite.Outcome;
import dev.keywright.spi.Digest;
import dev.keywright.spi.StoredKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restart, crash, fail-over to a read-only server, and full disk. */
@Tag("long")
class ServerOutageTest {

    @AfterAll
    static void logCounts() {
        FaultyWrite.logCounts();
    }

    @Timeout(300)
    abstract static class On {

        @TempDir
        Path folder;

        abstract DedicatedServer server() throws Exception;

        @Test
        void revocationsSurviveRestartCrashAndFailOver() throws Exception {
            try (DedicatedServer server = server();
                    ProxiedDatabase proxied = ProxiedDatabase.at(server.url())) {
                int first = 0;
                for (var interruption : server.interruptions().entrySet()) {
                    assertRevocationsSurvive(proxied, first, interruption.getKey(), interruption.getValue());
                    first += 1000;
                }
                FaultyWrite write = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
                server.becomeReadOnly(proxied.directSource());

                // Replaces the connections that the restarts have closed.
                proxied.assertPoolIntact();
                Outcome outcome = proxied.within(() -> write.run(proxied.store()));

                assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
                assertThat(proxied.within(() ->
                                proxied.store().find(Samples.NORTH, write.id()).key()))
                        .hasValueSatisfying(
                                key -> assertThat(key.key().revocation()).isEmpty());
                FaultyWrite.count(getClass().getSimpleName() + " read-only: reported " + outcome);
                proxied.assertPoolIntact();
            }
        }

        /** Revokes and verifies during an interruption; every reported outcome is the actual one. */
        private void assertRevocationsSurvive(
                ProxiedDatabase proxied, int first, String name, DedicatedServer.Interruption interruption)
                throws Exception {
            List<StoredKey> keys = Samples.keys(first, first + 1000);
            proxied.directStore().insertAll(Samples.candidates(keys));
            Set<Digest> revoked = ConcurrentHashMap.newKeySet();
            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch some = new CountDownLatch(20);
            Future<Boolean> writer = proxied.submit(() -> revokeAll(proxied, keys, revoked, some, over));
            Future<Integer> reader = proxied.submit(() -> verifyAll(proxied, keys, revoked, over));
            assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();

            try {
                interruption.run();
                int before = revoked.size();
                while (revoked.size() == before
                        && before < keys.size()
                        && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            } finally {
                over.set(true);
            }

            assertThat(ProxiedDatabase.result(writer)).isTrue();
            assertThat(ProxiedDatabase.result(reader)).isPositive();
            assertThat(revoked).isNotEmpty();
            for (Digest digest : revoked) {
                assertThat(isRevoked(sound(proxied), digest)).isTrue();
            }
            FaultyWrite.count(getClass().getSimpleName() + " " + name + ": every acknowledged revocation is there");
            proxied.assertPoolIntact();
        }

        /** Returns the direct store, after its pool has replaced the closed connections. */
        private static JdbcKeyStore sound(ProxiedDatabase proxied) {
            for (int lost = 0; lost < 10; lost++) {
                try {
                    proxied.directStore()
                            .find(Samples.NORTH, Samples.key("none").build().id())
                            .key();
                    return proxied.directStore();
                } catch (StoreUnavailableException e) {
                    FaultyWrite.count("a direct connection was closed");
                }
            }
            return proxied.directStore();
        }

        private static boolean revokeAll(
                ProxiedDatabase proxied,
                List<StoredKey> keys,
                Set<Digest> revoked,
                CountDownLatch some,
                AtomicBoolean over) {
            for (StoredKey key : keys) {
                Outcome outcome = Outcome.UNAVAILABLE;
                while (outcome != Outcome.DONE && !over.get()) {
                    // A revocation with an unknown outcome can be repeated.
                    outcome = new FaultyWrite(Kind.REVOKE, key.key().id()).run(proxied.store());
                    FaultyWrite.count("revocations across a restart or crash: reported " + outcome);
                }
                if (outcome == Outcome.DONE) {
                    revoked.add(key.digest());
                    some.countDown();
                }
            }
            return true;
        }

        private static int verifyAll(
                ProxiedDatabase proxied, List<StoredKey> keys, Set<Digest> revoked, AtomicBoolean over) {
            int answers = 0;
            for (int i = 0; !over.get(); i = (i + 1) % 40) {
                Digest digest = keys.get(i).digest();
                boolean before = revoked.contains(digest);
                try {
                    boolean found = isRevoked(proxied.store(), digest);
                    assertThat(found || !before).isTrue();
                    answers++;
                } catch (StoreUnavailableException e) {
                    FaultyWrite.count("lookups across a restart or crash: unavailable");
                }
            }
            return answers;
        }

        private static boolean isRevoked(JdbcKeyStore store, Digest digest) {
            return store.findByDigest(digest)
                    .key()
                    .orElseThrow()
                    .key()
                    .revocation()
                    .isPresent();
        }

        /** Inserts until the disk is full; every reported outcome is the actual one. */
        static void fill(ProxiedDatabase proxied, String name) throws Exception {
            FaultyWrite revoke = FaultyWrite.prepare(Kind.REVOKE, proxied.directStore());
            int number = 0;
            boolean room = true;
            while (room) {
                try {
                    proxied.directStore().insertAll(Samples.candidates(Samples.keys(number, number + 1000)));
                    number += 1000;
                } catch (StoreUnavailableException full) {
                    room = false;
                    FaultyWrite.count(name + " full: " + full.getCause());
                }
            }
            assertThat(proxied.directStore()
                            .findByDigest(
                                    Samples.keys(number, number + 1).get(0).digest())
                            .key())
                    .isEmpty();
            Outcome outcome = Outcome.DONE;
            for (int i = 0; outcome == Outcome.DONE && i < 1000; i++) {
                FaultyWrite insert = FaultyWrite.prepare(Kind.INSERT, proxied.directStore());
                outcome = proxied.within(() -> insert.run(proxied.store()));
                insert.assertConsistent(outcome, proxied.directStore());
                FaultyWrite.count(name + " full, insert: reported " + outcome);
            }
            assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
            Outcome revoked = proxied.within(() -> revoke.run(proxied.store()));
            revoke.assertConsistent(revoked, proxied.directStore());
            FaultyWrite.count(name + " full, revoke: reported " + revoked);
            proxied.assertPoolIntact();
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {

        @Override
        DedicatedServer server() throws Exception {
            return new DedicatedServer.OfPostgreSql(folder.resolve("data"));
        }

        /** Requires the privilege to mount a file system. */
        @Test
        void fullTablespaceLosesNothing() throws Exception {
            Path small = folder.toRealPath().resolve("small");
            assumeTrue(
                    small.toFile().mkdir() && run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()));
            try (DedicatedServer server = server()) {
                var pool = TestDatabase.pool(server.url());
                try (pool) {
                    H2.run(pool, "CREATE TABLESPACE small LOCATION '" + small + "'");
                    JdbcSchema.install(pool);
                    H2.run(pool, "ALTER TABLE keywright_key SET TABLESPACE small");
                }
                try (ProxiedDatabase proxied = ProxiedDatabase.at(server.url())) {
                    fill(proxied, "PostgreSQL");
                }
            } finally {
                assertThat(run("umount", small.toString())).isTrue();
            }
        }

        private static boolean run(String... command) throws Exception {
            try {
                return new ProcessBuilder(command).start().waitFor() == 0;
            } catch (java.io.IOException e) {
                return false;
            }
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {

        @Override
        DedicatedServer server() throws Exception {
            return new DedicatedServer.OfMariaDb("mariadb");
        }

        @Test
        void fullTablespaceLosesNothing() throws Exception {
            try (DedicatedServer server = new DedicatedServer.OfMariaDb(
                            "mariadb", "--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M");
                    ProxiedDatabase proxied = ProxiedDatabase.at(server.url())) {
                fill(proxied, "MariaDB");
            }
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {

        @Override
        DedicatedServer server() throws Exception {
            return new DedicatedServer.OfMariaDb("mysql");
        }
    }
}
