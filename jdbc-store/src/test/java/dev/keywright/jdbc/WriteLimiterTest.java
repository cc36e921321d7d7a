package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.WriteLimiter.Kind;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.KeyStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WriteLimiterTest {

    private static final Deadline FAR = Deadline.after(Duration.ofHours(1));
    private static final Deadline PASSED = Deadline.after(Duration.ZERO);

    private final WriteLimiter limiter = new WriteLimiter(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> admitted = Collections.synchronizedList(new ArrayList<>());
    private final List<Future<?>> writers = new ArrayList<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void thirdWriterWaits() {
        WriteLimiter two = new WriteLimiter();
        two.acquire(Kind.OTHER, PASSED);
        two.acquire(Kind.REVOCATION, PASSED);

        assertThatThrownBy(() -> two.acquire(Kind.OTHER, PASSED)).isInstanceOf(StoreUnavailableException.class);

        two.release();
        two.acquire(Kind.OTHER, PASSED);
    }

    @Test
    void writersAreAdmittedInOrder() throws Exception {
        limiter.acquire(Kind.OTHER, FAR);
        for (int i = 0; i < 20; i++) {
            queue(Kind.OTHER, "writer " + i);
        }

        limiter.release();

        awaitAll();
        assertThat(admitted)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "writer " + i).toList());
    }

    @Test
    void revocationsOvertakeOtherWritesInTheirOwnOrder() throws Exception {
        limiter.acquire(Kind.OTHER, FAR);
        queue(Kind.OTHER, "first write");
        queue(Kind.OTHER, "second write");
        queue(Kind.REVOCATION, "first revocation");
        queue(Kind.REVOCATION, "second revocation");

        limiter.release();

        awaitAll();
        assertThat(admitted).containsExactly("first revocation", "second revocation", "first write", "second write");
    }

    @Test
    void floodOfRevocationsDoesNotStarveOtherWrites() throws Exception {
        limiter.acquire(Kind.OTHER, FAR);
        queue(Kind.OTHER, "write");
        for (int i = 0; i < 2 * WriteLimiter.MAX_OVERTAKING; i++) {
            queue(Kind.REVOCATION, "revocation");
        }

        limiter.release();

        awaitAll();
        assertThat(admitted).hasSize(2 * WriteLimiter.MAX_OVERTAKING + 1);
        assertThat(admitted.indexOf("write")).isEqualTo(WriteLimiter.MAX_OVERTAKING);
    }

    @Test
    void timedOutWriterLeavesTheQueue() throws Exception {
        limiter.acquire(Kind.OTHER, FAR);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.acquire(Kind.REVOCATION, Deadline.after(Duration.ofMillis(1))))
                .withMessageContaining("timed out while waiting for other writers");

        assertThat(limiter.waiting()).isZero();
        limiter.release();
        limiter.acquire(Kind.OTHER, PASSED);
    }

    @Test
    void interruptedWriterKeepsItsStatusAndLosesNoPlace() throws Exception {
        limiter.acquire(Kind.OTHER, FAR);
        AtomicReference<Thread> waiting = new AtomicReference<>();
        Future<Boolean> interrupted = threads.submit(() -> {
            waiting.set(Thread.currentThread());
            assertThatThrownBy(() -> limiter.acquire(Kind.OTHER, FAR)).isInstanceOf(StoreUnavailableException.class);
            return Thread.currentThread().isInterrupted();
        });
        awaitWaiting(1);

        waiting.get().interrupt();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(limiter.waiting()).isZero();
        limiter.release();
        limiter.acquire(Kind.OTHER, PASSED);
    }

    /** Interrupts, time-outs and admissions race at random; afterwards every place is free. */
    @Test
    void noPlaceIsLostWhenAdmissionRacesInterrupt() throws Exception {
        WriteLimiter two = new WriteLimiter();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Duration patience = Duration.ofNanos(i % 2 == 0 ? 50_000 : 1_000_000_000L);
            all.add(threads.submit(() -> {
                for (int round = 0; round < 2_000; round++) {
                    if (round % 3 == 0) {
                        Thread.currentThread().interrupt();
                    }
                    try {
                        two.acquire(round % 2 == 0 ? Kind.OTHER : Kind.REVOCATION, Deadline.after(patience));
                        two.release();
                    } catch (StoreUnavailableException e) {
                        admitted.add("refused");
                    }
                    Thread.interrupted();
                }
            }));
        }
        for (Future<?> each : all) {
            each.get(30, TimeUnit.SECONDS);
        }

        assertThat(two.waiting()).isZero();
        two.acquire(Kind.OTHER, PASSED);
        two.acquire(Kind.OTHER, PASSED);
        assertThatThrownBy(() -> two.acquire(Kind.OTHER, PASSED)).isInstanceOf(StoreUnavailableException.class);
    }

    /** Two writers hold a connection each; a third waits without one, so that the others are free for lookups. */
    @Test
    void waitingWritersHoldNoConnection() throws Exception {
        try (HikariDataSource pool = TestDatabase.H2.pool()) {
            JdbcSchema.install(pool);
            PausedCommit held = new PausedCommit();
            KeyStore store = JdbcKeyStore.on(held.on(pool));
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                all.add(threads.submit(
                        () -> store.insert(Samples.key("k" + number, number), ActiveKeyLimits.UNLIMITED, Samples.NOW)));
            }
            held.awaitReached();
            TestDatabase.H2.awaitBlocked(pool);

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(WriteLimiter.MAX_CONCURRENT);
            assertThat(store.find(Samples.NORTH, KeyId.of("k0")).key()).isEmpty();

            held.release();
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    /** Two writers have the places; when the first is done, the second gets the row, and a third the free place. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void revocationsOfAStoreOvertakeItsOtherWrites(boolean all) throws Exception {
        try (HikariDataSource pool = TestDatabase.H2.pool()) {
            JdbcSchema.install(pool);
            JdbcKeyStore.on(pool).insert(Samples.key("there", 1), ActiveKeyLimits.UNLIMITED, Samples.NOW);
            List<PausedCommit> held = List.of(new PausedCommit(), new PausedCommit());
            AtomicInteger commits = new AtomicInteger();
            KeyStore store = JdbcKeyStore.on(InterceptedDataSource.onConnections(pool, (method, args, real) -> {
                int number = method.equals("commit") ? commits.getAndIncrement() : held.size();
                if (number < held.size()) {
                    held.get(number).pause();
                }
                return real.call();
            }));

            begin(() -> store.insert(Samples.key("first", 2), ActiveKeyLimits.UNLIMITED, Samples.NOW));
            held.get(0).awaitReached();
            begin(() -> store.insert(Samples.key("second", 3), ActiveKeyLimits.UNLIMITED, Samples.NOW));
            TestDatabase.H2.awaitBlocked(pool);
            Thread insert = begin(() -> store.insert(Samples.key("third", 4), ActiveKeyLimits.UNLIMITED, Samples.NOW));
            awaitInGate(insert);
            Thread revocation = begin(() -> {
                if (all) {
                    store.revokeAll(Samples.NORTH, Samples.REVOCATION);
                } else {
                    store.revoke(Samples.NORTH, KeyId.of("there"), Samples.REVOCATION);
                }
            });
            awaitInGate(revocation);
            held.get(0).release();
            held.get(1).awaitReached();
            TestDatabase.H2.awaitBlocked(pool);

            assertThat(isInGate(insert)).isTrue();
            assertThat(isInGate(revocation)).isFalse();

            held.get(1).release();
            awaitAll();
        }
    }

    /** Failures of each kind, more than there are places, and then a successful write. */
    @Test
    void failedWritesFreeTheirPlaces() {
        DataSource source = H2.installed(H2.inMemory());
        String[] fault = {""};
        KeyStore store =
                JdbcKeyStore.on(InterceptedDataSource.intercept(DataSource.class, source, (method, args, real) -> {
                    if (fault[0].equals("borrow")) {
                        throw new SQLException("refused", "08001");
                    }
                    if (fault[0].equals("driver")) {
                        throw new IllegalStateException("the driver broke");
                    }
                    return real.call();
                }));
        store.insert(Samples.key("there", 1), ActiveKeyLimits.UNLIMITED, Samples.NOW);

        for (int i = 0; i <= WriteLimiter.MAX_CONCURRENT; i++) {
            for (String each : List.of("borrow", "driver")) {
                fault[0] = each;
                assertThatThrownBy(() -> store.revoke(Samples.NORTH, KeyId.of("there"), Samples.REVOCATION))
                        .isInstanceOf(StoreUnavailableException.class);
            }
            fault[0] = "";
            assertThatThrownBy(() -> store.insert(Samples.key("there", 1), ActiveKeyLimits.UNLIMITED, Samples.NOW))
                    .isInstanceOf(DuplicateKeyException.class);
        }

        assertThat(store.revoke(Samples.NORTH, KeyId.of("there"), Samples.REVOCATION)
                        .changed())
                .isTrue();
    }

    private Thread begin(Runnable write) throws Exception {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        writers.add(threads.submit(() -> {
            writer.complete(Thread.currentThread());
            write.run();
        }));
        return writer.get(30, TimeUnit.SECONDS);
    }

    private static void awaitInGate(Thread writer) {
        while (!isInGate(writer)) {
            Thread.onSpinWait();
        }
    }

    private static boolean isInGate(Thread writer) {
        return writer.getState() == Thread.State.TIMED_WAITING
                && Stream.of(writer.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(WriteLimiter.class.getName()));
    }

    private void queue(Kind kind, String name) {
        int before = limiter.waiting();
        writers.add(threads.submit(() -> {
            limiter.acquire(kind, FAR);
            admitted.add(name);
            limiter.release();
        }));
        awaitWaiting(before + 1);
    }

    private void awaitWaiting(int writers) {
        while (limiter.waiting() < writers) {
            Thread.onSpinWait();
        }
    }

    private void awaitAll() throws Exception {
        for (Future<?> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }
}
