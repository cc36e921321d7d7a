package dev.keywright.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.core.ManualTime;
import dev.keywright.core.SampleKeys;
import dev.keywright.internal.ValueAccess;
import dev.keywright.management.KeyListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RejectionThrottleTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final ApiKey KEY = SampleKeys.key("north", "key_1");
    private static final Rejected REVOKED = ValueAccess.get().revoked(KEY);

    private static final int THREADS = 3;

    private final ManualTime time = new ManualTime();
    private final List<Published> published = new ArrayList<>();
    private final RejectionThrottle rejections = new RejectionThrottle(time, new KeyListener() {
        @Override
        public void verificationRejected(Rejected rejected, long heldBack) {
            published.add(new Published(rejected, heldBack));
        }
    });

    private record Published(Rejected rejected, long heldBack) {}

    @Test
    void firstOfEachMinuteIsPublishedWithHeldBackCount() {
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        time.later(MINUTE.minus(NANO));
        rejections.add(ValueAccess.get().malformed());
        assertThat(published).containsExactly(new Published(ValueAccess.get().malformed(), 0));

        time.later(NANO);
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        time.later(MINUTE);
        rejections.add(ValueAccess.get().malformed());

        assertThat(published).extracting(Published::heldBack).containsExactly(0L, 2L, 1L);
    }

    @Test
    void rejectionsOfATenantAreThrottledToo() {
        rejections.add(REVOKED);
        time.later(MINUTE.minus(NANO));
        rejections.add(REVOKED);
        time.later(NANO);
        rejections.add(REVOKED);

        assertThat(published).containsExactly(new Published(REVOKED, 0), new Published(REVOKED, 1));
    }

    @Test
    void tenantsAndReasonsAreThrottledSeparately() {
        Rejected southern = ValueAccess.get().revoked(SampleKeys.key("south", "key_2"));
        Rejected expired = ValueAccess.get().expired(KEY);
        Rejected missing = ValueAccess.get().missingScope(KEY, Scope.of("read:interviews"));
        List<Rejected> different = List.of(
                ValueAccess.get().malformed(), ValueAccess.get().unknown(), REVOKED, southern, expired, missing);

        different.forEach(rejections::add);
        different.forEach(rejections::add);
        rejections.add(ValueAccess.get().revoked(SampleKeys.key("north", "key_3")));

        assertThat(published).extracting(Published::rejected).isEqualTo(different);
    }

    @Test
    void lastRejectionHeldBackIsPublishedAfterTheMinute() {
        Rejected other = ValueAccess.get().revoked(SampleKeys.key("north", "key_3"));
        for (Rejected each : List.of(
                REVOKED,
                REVOKED,
                REVOKED,
                other,
                ValueAccess.get().unknown(),
                ValueAccess.get().unknown())) {
            rejections.add(each);
        }
        published.clear();

        time.later(MINUTE.minus(NANO));
        rejections.publishHeldBack();
        assertThat(published).isEmpty();

        time.later(NANO);
        rejections.publishHeldBack();
        assertThat(published)
                .containsExactlyInAnyOrder(
                        new Published(other, 2), new Published(ValueAccess.get().unknown(), 0));
    }

    @Test
    void publishedRejectionStartsAnotherMinute() {
        rejections.add(REVOKED);
        rejections.add(REVOKED);
        time.later(MINUTE);
        rejections.publishHeldBack();
        published.clear();

        rejections.add(REVOKED);
        rejections.publishHeldBack();
        assertThat(published).isEmpty();

        time.later(MINUTE);
        rejections.publishHeldBack();
        time.later(MINUTE);
        rejections.publishHeldBack();
        assertThat(published).containsExactly(new Published(REVOKED, 0));
    }

    @Test
    void closePublishesAllRejectionsHeldBack() {
        rejections.add(REVOKED);
        rejections.add(REVOKED);
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        published.clear();

        rejections.publishAllHeldBack();

        assertThat(published)
                .containsExactlyInAnyOrder(
                        new Published(REVOKED, 0),
                        new Published(ValueAccess.get().malformed(), 0));
    }

    @Test
    void tenantsBeyondTheLimitShareASlot() {
        for (int i = 0; i < 10_000; i++) {
            rejections.add(revokedOf("tenant " + i));
        }
        assertThat(published).hasSize(10_000);
        published.clear();

        Rejected first = revokedOf("late");
        rejections.add(first);
        rejections.add(revokedOf("later"));
        assertThat(published).containsExactly(new Published(first, 0));

        time.later(MINUTE);
        rejections.publishHeldBack();
        published.clear();

        rejections.add(revokedOf("late"));
        rejections.add(revokedOf("later"));
        assertThat(published).hasSize(2);
    }

    @Test
    void slotThatHoldsBackIsNotRemoved() {
        rejections.add(REVOKED);
        time.later(MINUTE.minus(NANO));
        rejections.add(REVOKED);
        rejections.publishHeldBack();
        time.later(NANO);

        rejections.add(REVOKED);

        assertThat(published).containsExactly(new Published(REVOKED, 0), new Published(REVOKED, 1));
    }

    @Test
    void eachRejectionIsCountedOnceUnderConcurrency() throws Exception {
        AtomicLong counted = new AtomicLong();
        RejectionThrottle throttle = new RejectionThrottle(time, new KeyListener() {
            @Override
            public void verificationRejected(Rejected rejected, long heldBack) {
                counted.addAndGet(1 + heldBack);
            }
        });
        List<Rejected> mixed = List.of(REVOKED, ValueAccess.get().malformed(), revokedOf("south"));
        int each = 100_000;

        race(
                () -> {
                    for (int n = 0; n < each; n++) {
                        throttle.add(mixed.get(n % mixed.size()));
                    }
                },
                () -> {
                    // Slots are removed all the time, because each minute is over immediately.
                    time.later(MINUTE);
                    throttle.publishHeldBack();
                });
        throttle.publishAllHeldBack();

        assertThat(counted).hasValue(THREADS * (long) each);
    }

    @Test
    void oneRejectionAMinuteIsPublishedUnderConcurrency() throws Exception {
        AtomicLong tells = new AtomicLong();
        AtomicLong minutes = new AtomicLong(1);
        RejectionThrottle throttle = new RejectionThrottle(time, new KeyListener() {
            @Override
            public void verificationRejected(Rejected rejected, long heldBack) {
                tells.incrementAndGet();
            }
        });
        throttle.add(ValueAccess.get().malformed());

        race(
                () -> {
                    for (int n = 0; n < 500_000; n++) {
                        throttle.add(ValueAccess.get().malformed());
                    }
                },
                () -> {
                    minutes.incrementAndGet();
                    time.later(MINUTE);
                    throttle.add(ValueAccess.get().malformed());
                });

        assertThat(tells).hasValue(minutes.get());
    }

    /** Runs one task in several threads, and another one in this thread until they have finished. */
    private static void race(Runnable concurrent, Runnable foreground) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(pool.submit(concurrent));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                foreground.run();
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static Rejected revokedOf(String tenant) {
        return ValueAccess.get().revoked(SampleKeys.key(tenant, "key"));
    }
}
