package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.Attempt.Kind;
import dev.keywright.jdbc.Attempt.Told;
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

/** The server restarts, crashes, becomes read-only, or has no room left. */
class OwnServerFaultsTest {

    @AfterAll
    static void logCounts() {
        Attempt.logCounts();
    }

    @Timeout(300)
    abstract static class On {

        @TempDir
        Path folder;

        abstract OwnServer server() throws Exception;

        @Test
        void whatWasRevokedStaysRevokedThroughARestartACrashAndAFailOverToAReadOnlyServer() throws Exception {
            try (OwnServer server = server();
                    Remote remote = Remote.at(server.url())) {
                int first = 0;
                for (var interruption : server.interruptions().entrySet()) {
                    acrossAnInterruption(remote, first, interruption.getKey(), interruption.getValue());
                    first += 1000;
                }
                Attempt attempt = Attempt.prepared(Kind.REVOKE, remote.sound());
                server.becomeReadOnly(remote.direct());

                // Connections that were lost with the server before are found out first.
                remote.expectWholePool();
                Told told = remote.within(() -> attempt.make(remote.store()));

                assertThat(told).isEqualTo(Told.UNAVAILABLE);
                assertThat(remote.within(() ->
                                remote.store().find(Samples.NORTH, attempt.id()).key()))
                        .hasValueSatisfying(
                                key -> assertThat(key.key().revocation()).isEmpty());
                Attempt.count(getClass().getSimpleName() + " read-only: told " + told);
                remote.expectWholePool();
            }
        }

        /** Some revoke and others look, while it happens; nobody is told what is not so. */
        private void acrossAnInterruption(Remote remote, int first, String name, OwnServer.Interruption interruption)
                throws Exception {
            List<StoredKey> keys = Samples.keys(first, first + 1000);
            remote.sound().insertAll(Samples.candidates(keys));
            Set<Digest> revoked = ConcurrentHashMap.newKeySet();
            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch some = new CountDownLatch(20);
            Future<Boolean> writer = remote.begun(() -> revokeAll(remote, keys, revoked, some, over));
            Future<Integer> reader = remote.begun(() -> lookAtAll(remote, keys, revoked, over));
            assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();

            try {
                interruption.happen();
                int before = revoked.size();
                while (revoked.size() == before
                        && before < keys.size()
                        && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            } finally {
                over.set(true);
            }

            assertThat(Remote.ended(writer)).isTrue();
            assertThat(Remote.ended(reader)).isPositive();
            assertThat(revoked).isNotEmpty();
            for (Digest digest : revoked) {
                assertThat(isRevoked(sound(remote), digest)).isTrue();
            }
            Attempt.count(getClass().getSimpleName() + " " + name + ": every acknowledged revocation is there");
            remote.expectWholePool();
        }

        /** The pool beside the wire has lost its connections too. */
        private static JdbcKeyStore sound(Remote remote) {
            for (int lost = 0; lost < 10; lost++) {
                try {
                    remote.sound()
                            .find(Samples.NORTH, Samples.key("none").build().id())
                            .key();
                    return remote.sound();
                } catch (StoreUnavailableException e) {
                    Attempt.count("a connection beside the wire was lost");
                }
            }
            return remote.sound();
        }

        private static boolean revokeAll(
                Remote remote, List<StoredKey> keys, Set<Digest> revoked, CountDownLatch some, AtomicBoolean over) {
            for (StoredKey key : keys) {
                Told told = Told.UNAVAILABLE;
                while (told != Told.DONE && !over.get()) {
                    // Of a revocation that is not known to have happened it is safe to make it again.
                    told = new Attempt(Kind.REVOKE, key.key().id()).make(remote.store());
                    Attempt.count("revocations across a restart or crash: told " + told);
                }
                if (told == Told.DONE) {
                    revoked.add(key.digest());
                    some.countDown();
                }
            }
            return true;
        }

        private static int lookAtAll(Remote remote, List<StoredKey> keys, Set<Digest> revoked, AtomicBoolean over) {
            int answers = 0;
            for (int i = 0; !over.get(); i = (i + 1) % 40) {
                Digest digest = keys.get(i).digest();
                boolean before = revoked.contains(digest);
                try {
                    boolean found = isRevoked(remote.store(), digest);
                    assertThat(found || !before).isTrue();
                    answers++;
                } catch (StoreUnavailableException e) {
                    Attempt.count("look-ups across a restart or crash: unavailable");
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

        /** Inserts until there is no room, after which nothing that was told is untrue. */
        static void fill(Remote remote, String name) throws Exception {
            Attempt revoke = Attempt.prepared(Kind.REVOKE, remote.sound());
            int number = 0;
            boolean room = true;
            while (room) {
                try {
                    remote.sound().insertAll(Samples.candidates(Samples.keys(number, number + 1000)));
                    number += 1000;
                } catch (StoreUnavailableException full) {
                    room = false;
                    Attempt.count(name + " full: " + full.getCause());
                }
            }
            assertThat(remote.sound()
                            .findByDigest(
                                    Samples.keys(number, number + 1).get(0).digest())
                            .key())
                    .isEmpty();
            Told told = Told.DONE;
            for (int i = 0; told == Told.DONE && i < 1000; i++) {
                Attempt insert = Attempt.prepared(Kind.INSERT, remote.sound());
                told = remote.within(() -> insert.make(remote.store()));
                insert.expectTruth(told, remote.sound());
                Attempt.count(name + " full, insert: told " + told);
            }
            assertThat(told).isEqualTo(Told.UNAVAILABLE);
            Told revoked = remote.within(() -> revoke.make(remote.store()));
            revoke.expectTruth(revoked, remote.sound());
            Attempt.count(name + " full, revoke: told " + revoked);
            remote.expectWholePool();
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {

        @Override
        OwnServer server() throws Exception {
            return new OwnServer.OfPostgreSql(folder.resolve("data"));
        }

        /** Only where this process may mount a file system of its own. */
        @Test
        void aTableSpaceThatIsFullRefusesAndLosesNothing() throws Exception {
            Path small = folder.toRealPath().resolve("small");
            assumeTrue(
                    small.toFile().mkdir() && run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()));
            try (OwnServer server = server()) {
                var pool = TestDatabase.pool(server.url());
                try (pool) {
                    H2.run(pool, "CREATE TABLESPACE small LOCATION '" + small + "'");
                    JdbcSchema.install(pool);
                    H2.run(pool, "ALTER TABLE keywright_key SET TABLESPACE small");
                }
                try (Remote remote = Remote.at(server.url())) {
                    fill(remote, "PostgreSQL");
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
        OwnServer server() throws Exception {
            return new OwnServer.OfMariaDb("mariadb");
        }

        @Test
        void aTableSpaceThatIsFullRefusesAndLosesNothing() throws Exception {
            try (OwnServer server = new OwnServer.OfMariaDb(
                            "mariadb", "--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M");
                    Remote remote = Remote.at(server.url())) {
                fill(remote, "MariaDB");
            }
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {

        @Override
        OwnServer server() throws Exception {
            return new OwnServer.OfMariaDb("mysql");
        }
    }
}
