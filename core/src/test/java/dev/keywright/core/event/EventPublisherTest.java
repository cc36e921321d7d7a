package dev.keywright.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.CapturedLog;
import dev.keywright.core.ManualTime;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.internal.ValueAccess;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

    private static final ApiKey KEY = SampleKeys.key("north", "key_1");
    private static final ApiKey OTHER = SampleKeys.key("north", "key_2");
    private static final Duration WARNING = Duration.ofDays(7);
    private static final Actor ADA = Actor.person(UserId.of("ada"));
    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, ADA, "");
    private static final ManagementSession SESSION = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));

    private final ManualTime time = new ManualTime();
    private final Recording recording = new Recording();
    private final CapturedLog log = new CapturedLog();

    private static class Recording implements KeyListener {
        final List<Object> received = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void issued(ApiKey key) {
            received.add(List.of("issued", key));
        }

        @Override
        public void changed(ApiKey before, ApiKey after, Actor by) {
            received.add(List.of("changed", before, after, by));
        }

        @Override
        public void rotated(ApiKey predecessor, ApiKey successor) {
            received.add(List.of("rotated", predecessor, successor));
        }

        @Override
        public void revoked(ApiKey key) {
            received.add(List.of("revoked", key));
        }

        @Override
        public void revokedAll(TenantId tenant, long keys, Revocation revocation) {
            received.add(List.of("revokedAll", tenant, keys, revocation));
        }

        @Override
        public void expiring(ApiKey key, Duration warning) {
            received.add(List.of("expiring", key, warning));
        }

        @Override
        public void managementRefused(ManagementSession session, String why, long heldBack) {
            received.add(List.of("refused", session, why, heldBack));
        }

        @Override
        public void verificationRejected(Rejected rejected, long heldBack) {
            received.add(List.of("rejected", rejected, heldBack));
        }
    }

    /** Blocks its thread at an issued key until it is released, and ignores interrupts. */
    private static final class Stuck extends Recording {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicReference<Thread> thread = new AtomicReference<>();

        @Override
        public void issued(ApiKey key) {
            thread.set(Thread.currentThread());
            reached.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    go.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
            super.issued(key);
        }
    }

    @AfterEach
    void restoreLog() {
        log.close();
        Thread.interrupted();
    }

    @Test
    void eventsReachEachListenerAndTheLogInOrder() {
        Recording second = new Recording();
        EventPublisher events = new EventPublisher(List.of(recording, second), time, text -> false);

        publishAll(events);
        events.close();

        assertThat(recording.received)
                .containsExactly(
                        List.of("issued", KEY),
                        List.of("changed", KEY, OTHER, ADA),
                        List.of("rotated", KEY, OTHER),
                        List.of("revoked", KEY),
                        List.of("revokedAll", KEY.tenant(), 7L, REVOCATION),
                        List.of("expiring", KEY, WARNING),
                        List.of("refused", SESSION, "you may not", 0L),
                        List.of("rejected", ValueAccess.get().malformed(), 0L));
        assertThat(second.received).isEqualTo(recording.received);
        assertThat(log.linesFrom("event=")).hasSize(8);
    }

    @Test
    void eventsAreLoggedWithoutListeners() {
        try (EventPublisher events = new EventPublisher(List.of(), time, text -> false)) {
            publishAll(events);
        }

        assertThat(log.linesFrom("event=")).hasSize(8);
    }

    @Test
    void blockedListenerDelaysNeitherCallerNorOtherListeners() throws Exception {
        Stuck stuck = new Stuck();
        CountDownLatch reached = new CountDownLatch(2);
        KeyListener other = new KeyListener() {
            @Override
            public void issued(ApiKey key) {
                reached.countDown();
            }
        };
        try (EventPublisher events = new EventPublisher(List.of(stuck, other), time, text -> false)) {
            events.issued(KEY);
            stuck.reached.await();
            events.issued(OTHER);

            reached.await();
            assertThat(log.linesFrom("event=")).hasSize(2);
            assertThat(stuck.received).isEmpty();
            stuck.go.countDown();
        }
    }

    @Test
    void failingListenerIsLoggedAndContinues() {
        KeyListener throwing = new Recording() {
            @Override
            public void issued(ApiKey key) {
                super.issued(key);
                throw new IllegalStateException("no such table");
            }

            @Override
            public void revoked(ApiKey key) {
                super.revoked(key);
                throw new StackOverflowError();
            }
        };
        Recording recorded = (Recording) throwing;
        try (EventPublisher events = new EventPublisher(List.of(throwing), time, text -> false)) {
            events.issued(KEY);
            events.revoked(KEY);
            events.expiring(KEY, WARNING);
        }

        assertThat(recorded.received)
                .containsExactly(List.of("issued", KEY), List.of("revoked", KEY), List.of("expiring", KEY, WARNING));
        assertThat(log.linesFrom("Key listener " + throwing.getClass().getName() + " failed"))
                .hasSize(2);
        assertThat(log.toString()).contains("no such table", "StackOverflowError");
    }

    @Test
    void droppedEventsAreCountedOnceListenerCatchesUp() throws Exception {
        Semaphore permitted = new Semaphore(0);
        CountDownLatch nearlyHalf = new CountDownLatch(500);
        CountDownLatch all = new CountDownLatch(1001);
        EventPublisher events = new EventPublisher(
                List.of(new KeyListener() {
                    @Override
                    public void issued(ApiKey key) {
                        permitted.acquireUninterruptibly();
                        nearlyHalf.countDown();
                        all.countDown();
                    }
                }),
                time,
                text -> false);

        for (int i = 0; i < 1006; i++) {
            events.issued(KEY);
        }
        permitted.release(500);
        nearlyHalf.await();
        assertThat(log.linesFrom("events are dropped from now on")).hasSize(1);
        assertThat(log.linesFrom("missed ")).isEmpty();

        permitted.release(501);
        all.await();
        assertThat(log.linesFrom("missed ")).containsExactly("missed 5 dropped events");
        events.close();

        assertThat(log.linesFrom("missed ")).hasSize(1);
        assertThat(log.linesFrom("event=")).hasSize(1006);
    }

    @Test
    void closeReturnsThoughListenerNeverDoes() throws Exception {
        Stuck stuck = new Stuck();
        // Each reading of the clock advances it by six seconds.
        EventPublisher events = new EventPublisher(List.of(stuck, recording), hurried(), text -> false);
        events.issued(KEY);
        events.issued(KEY);
        events.issued(KEY);
        stuck.reached.await();

        events.close();

        stuck.interrupted.await();
        assertThat(log.linesFrom("missed ")).contains("missed 2 dropped events");
        stuck.go.countDown();
        stuck.thread.get().join();
        assertThat(stuck.received).hasSize(1);
    }

    @Test
    void interruptedCloseReturnsAndKeepsTheFlag() throws Exception {
        Stuck stuck = new Stuck();
        EventPublisher events = new EventPublisher(List.of(stuck), time, text -> false);
        events.issued(KEY);
        stuck.reached.await();
        Thread.currentThread().interrupt();

        events.close();

        assertThat(Thread.interrupted()).isTrue();
        stuck.go.countDown();
        stuck.thread.get().join();
    }

    @Test
    void closePublishesEventsThatAreHeldBack() {
        EventPublisher events = new EventPublisher(List.of(recording), time, text -> false);
        events.rejected(ValueAccess.get().unknown());
        events.rejected(ValueAccess.get().unknown());
        events.rejected(ValueAccess.get().unknown());
        assertThat(log.linesFrom("event=")).hasSize(1);

        events.close();

        assertThat(recording.received)
                .containsExactly(
                        List.of("rejected", ValueAccess.get().unknown(), 0L),
                        List.of("rejected", ValueAccess.get().unknown(), 1L));
    }

    @Test
    void maintenancePublishesEventsThatAreHeldBack() {
        try (EventPublisher events = new EventPublisher(List.of(recording), time, text -> false)) {
            events.rejected(ValueAccess.get().unknown());
            events.rejected(ValueAccess.get().unknown());
            time.later(Duration.ofMinutes(1));
            events.publishHeldBack();
            assertThat(log.linesFrom("event=")).hasSize(2);
        }

        assertThat(recording.received).hasSize(2);
    }

    @Test
    void eventsAfterCloseAreOnlyLogged() {
        EventPublisher events = new EventPublisher(List.of(recording), time, text -> false);
        events.issued(KEY);
        events.close();

        publishAll(events);
        events.close();

        assertThat(recording.received).hasSize(1);
        assertThat(log.toString().lines()).hasSize(9).allMatch(line -> line.contains("event="));
    }

    @Test
    void listenerThreadIsADaemonAndEndsWhenIdle() throws Exception {
        Stuck stuck = new Stuck();
        stuck.go.countDown();
        EventPublisher events = new EventPublisher(List.of(stuck), time, text -> false);
        String name = "keywright-events to " + Stuck.class.getName();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain(name);

        events.issued(KEY);
        stuck.reached.await();
        assertThat(stuck.thread.get().getName()).isEqualTo(name);
        assertThat(stuck.thread.get().isDaemon()).isTrue();

        events.close();
        stuck.thread.get().join();
    }

    @Test
    void failingLogStopsNeitherCallerNorListeners() {
        Recording throwing = new Recording() {
            @Override
            public void revoked(ApiKey key) {
                super.revoked(key);
                throw new IllegalStateException();
            }
        };
        Stuck stuck = new Stuck();
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                throw new IllegalStateException("the disk is full");
            }
        });
        try (EventPublisher events = new EventPublisher(List.of(throwing, stuck), time, text -> false)) {
            publishAll(events);
            for (int i = 0; i < 1006; i++) {
                events.expiring(KEY, WARNING);
            }
            stuck.go.countDown();
        } finally {
            System.setErr(before);
            Thread.setDefaultUncaughtExceptionHandler(null);
        }

        assertThat(uncaught).isEmpty();
        assertThat(throwing.received).startsWith(List.of("issued", KEY)).contains(List.of("expiring", KEY, WARNING));
        assertThat(stuck.received).hasSize(1001);
        assertThat(log.toString()).isEmpty();
    }

    @Test
    void refusalsAreThrottledForEachUserOfATenant() {
        ManagementSession sue = ManagementSession.of(SESSION.tenant(), UserId.of("sue"));
        ManagementSession southern = ManagementSession.of(TenantId.of("south"), SESSION.user());
        Recording recording = new Recording();
        try (CapturedLog log = new CapturedLog()) {
            EventPublisher events = new EventPublisher(List.of(recording), time, text -> false);
            for (int i = 0; i < 3; i++) {
                events.refused(SESSION, "you may not");
                events.refused(sue, "you may not");
                events.refused(southern, "you may not");
            }
            time.later(Duration.ofMinutes(1));
            events.refused(SESSION, "you may not hand that out");
            events.publishHeldBack();
            events.close();

            assertThat(recording.received)
                    .startsWith(
                            List.of("refused", SESSION, "you may not", 0L),
                            List.of("refused", sue, "you may not", 0L),
                            List.of("refused", southern, "you may not", 0L),
                            List.of("refused", SESSION, "you may not hand that out", 2L))
                    .contains(
                            List.of("refused", sue, "you may not", 1L), List.of("refused", southern, "you may not", 1L))
                    .hasSize(6);
            assertThat(log.linesFrom("event=management.refused")).hasSize(6);
        }
    }

    private static void publishAll(EventPublisher events) {
        events.issued(KEY);
        events.changed(KEY, OTHER, ADA);
        events.rotated(KEY, OTHER);
        events.revoked(KEY);
        events.revokedAll(KEY.tenant(), 7, REVOCATION);
        events.expiring(KEY, WARNING);
        events.refused(SESSION, "you may not");
        events.rejected(ValueAccess.get().malformed());
    }

    private MonotonicTime hurried() {
        return new MonotonicTime() {
            @Override
            public long nanoTime() {
                time.later(Duration.ofSeconds(6));
                return time.nanoTime();
            }

            @Override
            public void sleep(long nanos) throws InterruptedException {
                time.sleep(nanos);
            }
        };
    }
}
