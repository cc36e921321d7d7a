package dev.keywright.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupLimiterTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final CountDownLatch inside = new CountDownLatch(2);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final List<CompletableFuture<String>> stayedIn = new ArrayList<>();

    /** One for each who waits: the common ones may be one. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void whoeverIsInCanLeave() {
        leave.countDown();
        assertThat(stayedIn).allSatisfy(one -> assertThat(one.join()).isEqualTo("left"));
        threads.shutdown();
    }

    @Test
    void soManyGoInAtOnceAndTheOthersWaitForTheirTurn() {
        LookupLimiter gate = new LookupLimiter(2, FOR_EVER);
        fill(gate);
        CompletableFuture<String> third = CompletableFuture.supplyAsync(() -> gate.pass(() -> "third"), threads);

        assertThat(third).isNotDone();
        leave.countDown();

        assertThat(third.join()).isEqualTo("third");
    }

    @Test
    void whoseTurnDoesNotComeIsRefused() {
        LookupLimiter gate = new LookupLimiter(2, Duration.ofMillis(1));
        fill(gate);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> gate.pass(() -> "third"))
                .withMessageContaining("too many look-ups");
    }

    @Test
    void whoIsInterruptedWhileTheyWaitIsRefusedAndStaysInterrupted() {
        LookupLimiter gate = new LookupLimiter(2, FOR_EVER);
        fill(gate);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> gate.pass(() -> "third")).isInstanceOf(StoreUnavailableException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoFailsInsideLeavesTheirPlaceToOthers() {
        LookupLimiter gate = new LookupLimiter(1, FOR_EVER);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> gate.pass(() -> {
                        throw new StoreUnavailableException("away", null);
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(gate.<String>pass(() -> "in")).isEqualTo("in");
    }

    private void fill(LookupLimiter gate) {
        for (int i = 0; i < 2; i++) {
            stayedIn.add(CompletableFuture.supplyAsync(
                    () -> gate.pass(() -> {
                        inside.countDown();
                        await(leave);
                        return "left";
                    }),
                    threads));
        }
        await(inside);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
