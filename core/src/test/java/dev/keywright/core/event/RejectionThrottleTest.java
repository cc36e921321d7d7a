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
    private final List<Told> told = new ArrayList<>();
    private final RejectionThrottle rejections = new RejectionThrottle(time, new KeyListener() {
        @Override
        public void verificationRejected(Rejected rejected, long heldBack) {
            told.add(new Told(rejected, heldBack));
        }
    });

    private record Told(Rejected rejected, long heldBack) {}

    @Test
    void theFirstIsToldAtOnceAndTheFirstAfterAMinuteWithTheNumberHeldBack() {
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        time.later(MINUTE.minus(NANO));
        rejections.add(ValueAccess.get().malformed());
        assertThat(told).containsExactly(new Told(ValueAccess.get().malformed(), 0));

        time.later(NANO);
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        time.later(MINUTE);
        rejections.add(ValueAccess.get().malformed());

        assertThat(told).extracting(Told::heldBack).containsExactly(0L, 2L, 1L);
    }

    @Test
    void aTenantsAreThrottledAsOthersAre() {
        rejections.add(REVOKED);
        time.later(MINUTE.minus(NANO));
        rejections.add(REVOKED);
        time.later(NANO);
        rejections.add(REVOKED);

        assertThat(told).containsExactly(new Told(REVOKED, 0), new Told(REVOKED, 1));
    }

    @Test
    void eachTenantAndEachReasonIsThrottledByItself() {
        Rejected southern = ValueAccess.get().revoked(SampleKeys.key("south", "key_2"));
        Rejected expired = ValueAccess.get().expired(KEY);
        Rejected missing = ValueAccess.get().missingScope(KEY, Scope.of("read:interviews"));
        List<Rejected> different = List.of(
                ValueAccess.get().malformed(), ValueAccess.get().unknown(), REVOKED, southern, expired, missing);

        different.forEach(rejections::add);
        different.forEach(rejections::add);
        rejections.add(ValueAccess.get().revoked(SampleKeys.key("north", "key_3")));

        assertThat(told).extracting(Told::rejected).isEqualTo(different);
    }

    @Test
    void whatIsHeldBackAndNotFollowedIsToldWhenTheMinuteIsOver() {
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
        told.clear();

        time.later(MINUTE.minus(NANO));
        rejections.tellHeldBack();
        assertThat(told).isEmpty();

        time.later(NANO);
        rejections.tellHeldBack();
        assertThat(told)
                .containsExactlyInAnyOrder(
                        new Told(other, 2), new Told(ValueAccess.get().unknown(), 0));
    }

    @Test
    void whatWasToldOfIsNotToldAgainAndOpensAMinute() {
        rejections.add(REVOKED);
        rejections.add(REVOKED);
        time.later(MINUTE);
        rejections.tellHeldBack();
        told.clear();

        rejections.add(REVOKED);
        rejections.tellHeldBack();
        assertThat(told).isEmpty();

        time.later(MINUTE);
        rejections.tellHeldBack();
        time.later(MINUTE);
        rejections.tellHeldBack();
        assertThat(told).containsExactly(new Told(REVOKED, 0));
    }

    @Test
    void atTheEndAllIsTold() {
        rejections.add(REVOKED);
        rejections.add(REVOKED);
        rejections.add(ValueAccess.get().malformed());
        rejections.add(ValueAccess.get().malformed());
        told.clear();

        rejections.tellAllHeldBack();

        assertThat(told)
                .containsExactlyInAnyOrder(
                        new Told(REVOKED, 0), new Told(ValueAccess.get().malformed(), 0));
    }

    @Test
    void tenantsForWhomThereIsNoRoomShareUntilOthersAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            rejections.add(revokedOf("tenant " + i));
        }
        assertThat(told).hasSize(10_000);
        told.clear();

        Rejected first = revokedOf("late");
        rejections.add(first);
        rejections.add(revokedOf("later"));
        assertThat(told).containsExactly(new Told(first, 0));

        time.later(MINUTE);
        rejections.tellHeldBack();
        told.clear();

        rejections.add(revokedOf("late"));
        rejections.add(revokedOf("later"));
        assertThat(told).hasSize(2);
    }

    @Test
    void aSlotThatHoldsSomethingBackIsNotForgotten() {
        rejections.add(REVOKED);
        time.later(MINUTE.minus(NANO));
        rejections.add(REVOKED);
        rejections.tellHeldBack();
        time.later(NANO);

        rejections.add(REVOKED);

        assertThat(told).containsExactly(new Told(REVOKED, 0), new Told(REVOKED, 1));
    }

    @Test
    void whateverRacesEachIsToldOrCountedOnce() throws Exception {
        AtomicLong counted = new AtomicLong();
        RejectionThrottle raced = new RejectionThrottle(time, new KeyListener() {
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
                        raced.add(mixed.get(n % mixed.size()));
                    }
                },
                () -> {
                    // Slots are forgotten all the time, as each is over at once.
                    time.later(MINUTE);
                    raced.tellHeldBack();
                });
        raced.tellAllHeldBack();

        assertThat(counted).hasValue(THREADS * (long) each);
    }

    @Test
    void whateverRacesOneIsToldAMinute() throws Exception {
        AtomicLong tells = new AtomicLong();
        AtomicLong minutes = new AtomicLong(1);
        RejectionThrottle raced = new RejectionThrottle(time, new KeyListener() {
            @Override
            public void verificationRejected(Rejected rejected, long heldBack) {
                tells.incrementAndGet();
            }
        });
        raced.add(ValueAccess.get().malformed());

        race(
                () -> {
                    for (int n = 0; n < 500_000; n++) {
                        raced.add(ValueAccess.get().malformed());
                    }
                },
                () -> {
                    minutes.incrementAndGet();
                    time.later(MINUTE);
                    raced.add(ValueAccess.get().malformed());
                });

        assertThat(tells).hasValue(minutes.get());
    }

    /** Does one thing in several threads, and until they are done another thing in this one. */
    private static void race(Runnable there, Runnable here) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(pool.submit(there));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                here.run();
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
