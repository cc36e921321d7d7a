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

    private static final Duration DAY = Duration.ofDays(1);

    private final CountDownLatch running = new CountDownLatch(2);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final List<CompletableFuture<String>> lookups = new ArrayList<>();

    /** One thread for each lookup: the common pool may have a single one. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void finishLookups() {
        finish.countDown();
        assertThat(lookups).allSatisfy(lookup -> assertThat(lookup.join()).isEqualTo("finished"));
        threads.shutdown();
    }

    @Test
    void lookupBeyondTheLimitWaitsForAPermit() {
        LookupLimiter limiter = new LookupLimiter(2, DAY);
        runTwo(limiter);
        CompletableFuture<String> third = CompletableFuture.supplyAsync(() -> limiter.limit(() -> "third"), threads);

        assertThat(third).isNotDone();
        finish.countDown();

        assertThat(third.join()).isEqualTo("third");
    }

    @Test
    void lookupWithoutAPermitInTimeFails() {
        LookupLimiter limiter = new LookupLimiter(2, Duration.ofMillis(1));
        runTwo(limiter);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.limit(() -> "third"))
                .withMessageContaining("too many API key lookups");
    }

    @Test
    void interruptedLookupFailsAndKeepsTheInterruptFlag() {
        LookupLimiter limiter = new LookupLimiter(2, DAY);
        runTwo(limiter);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> limiter.limit(() -> "third")).isInstanceOf(StoreUnavailableException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void failedLookupReleasesItsPermit() {
        LookupLimiter limiter = new LookupLimiter(1, DAY);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> limiter.limit(() -> {
                        throw new StoreUnavailableException("away", null);
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(limiter.<String>limit(() -> "next")).isEqualTo("next");
    }

    private void runTwo(LookupLimiter limiter) {
        for (int i = 0; i < 2; i++) {
            lookups.add(CompletableFuture.supplyAsync(
                    () -> limiter.limit(() -> {
                        running.countDown();
                        await(finish);
                        return "finished";
                    }),
                    threads));
        }
        await(running);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
