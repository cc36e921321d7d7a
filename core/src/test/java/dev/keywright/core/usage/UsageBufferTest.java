package dev.keywright.core.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.CapturedLog;
import dev.keywright.core.SampleKeys;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "cached: {0}")
@ValueSource(booleans = {false, true})
class UsageBufferTest {

    private static final Instant AT = Instant.parse("2025-03-10T07:00:00.125Z");
    private static final Scope READ = Scope.of("read:people");
    private static final Scope WRITE = Scope.of("write:people");
    private static final ApiKey KEY = SampleKeys.key("north", "key_1");
    private static final ApiKey OTHER = SampleKeys.key("south", "key_2");
    private static final int MAX_UNCACHED = 2_500;

    /** A mock, because it must fail on demand; stub-only, because it is called very often. */
    private final UsageStore store = mock(UsageStore.class, withSettings().stubOnly());

    private final UsageBuffer buffer = new UsageBuffer(store::recordUsage, 0, MAX_UNCACHED);
    private final boolean cached;
    private final Map<KeyId, UsageCounter> counters = new ConcurrentHashMap<>();
    private final List<List<UsageDelta>> recorded = new ArrayList<>();
    private final CapturedLog log = new CapturedLog();
    private Consumer<List<UsageDelta>> behavior = batch -> {};

    UsageBufferTest(boolean cached) {
        this.cached = cached;
    }

    @BeforeEach
    void stubStore() {
        doAnswer(call -> {
                    List<UsageDelta> batch = call.getArgument(0);
                    behavior.accept(batch);
                    recorded.add(batch);
                    return null;
                })
                .when(store)
                .recordUsage(any());
    }

    @AfterEach
    void restoreLog() {
        log.close();
    }

    @Test
    void usageOfAKeyIsSummedAndRecordedOnce() {
        record(KEY, READ, AT.plusNanos(999_999));
        record(KEY, WRITE, AT.minusMillis(1));
        record(KEY, READ, AT.minusMillis(2));
        record(OTHER, null, AT);

        buffer.flush();

        assertThat(recorded).hasSize(1);
        assertThat(recorded.get(0))
                .containsExactlyInAnyOrder(
                        new UsageDelta(KEY.tenant(), KEY.id(), new KeyUsage(AT, 3, Set.of(READ, WRITE))),
                        new UsageDelta(OTHER.tenant(), OTHER.id(), new KeyUsage(AT, 1, Set.of())));
    }

    @Test
    void recordedUsageIsNotRecordedAgain() {
        record(KEY, READ, AT);
        buffer.flush();
        buffer.flush();
        record(KEY, READ, AT.plusSeconds(1));
        buffer.flush();

        assertThat(recorded)
                .containsExactly(List.of(delta(KEY, AT, 1, READ)), List.of(delta(KEY, AT.plusSeconds(1), 1, READ)));
    }

    @Test
    void usageOfAHotKeyIsCompleteUnderConcurrency() throws Exception {
        int threads = 8;
        int each = 50_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Scope scope = thread == 0 ? WRITE : READ;
                Instant at = AT.plusSeconds(thread);
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        record(KEY, scope, at);
                    }
                }));
            }
            for (Future<?> one : all) {
                buffer.flush();
                one.get();
            }
        } finally {
            pool.shutdown();
        }
        buffer.flush();

        assertThat(recorded.stream()
                        .flatMap(List::stream)
                        .map(UsageDelta::usage)
                        .reduce(UsageBuffer::sum))
                .contains(new KeyUsage(AT.plusSeconds(threads - 1), (long) threads * each, Set.of(READ, WRITE)));
        assertThat(recorded).allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void manyKeysAreRecordedInBatches() {
        record(2500);

        buffer.flush();

        assertThat(recorded).extracting(List::size).containsExactly(1000, 1000, 500);
        assertThat(recorded.stream().flatMap(List::stream).map(UsageDelta::id).distinct())
                .hasSize(2500);
    }

    @Test
    void usageIsKeptWhileStoreIsUnavailable() {
        record(KEY, READ, AT);
        record(KEY, READ, AT);
        behavior = batch -> {
            record(KEY, WRITE, AT.minusSeconds(1));
            record(OTHER, READ, AT);
            throw new StoreUnavailableException("down", null);
        };
        buffer.flush();
        record(KEY, READ, AT.plusSeconds(1));
        behavior = batch -> {};

        buffer.flush();
        buffer.flush();

        assertThat(recorded).hasSize(1);
        assertThat(recorded.get(0))
                .containsExactlyInAnyOrder(delta(KEY, AT.plusSeconds(1), 4, READ, WRITE), delta(OTHER, AT, 1, READ));
        assertThat(log.toString()).doesNotContain("lost");
    }

    @Test
    void lastUseStaysWhenUsageIsPutBack() {
        record(KEY, null, AT);
        behavior = batch -> {
            record(KEY, null, AT.minusSeconds(1));
            throw new StoreUnavailableException("down", null);
        };
        buffer.flush();
        behavior = batch -> {};

        buffer.flush();

        assertThat(recorded).containsExactly(List.of(delta(KEY, AT, 2)));
    }

    @Test
    void flushEndsAtFirstFailure() {
        AtomicLong calls = new AtomicLong();
        record(2500);
        behavior = batch -> {
            calls.incrementAndGet();
            throw new StoreUnavailableException("down", null);
        };

        buffer.flush();
        assertThat(calls).hasValue(1);

        behavior = batch -> {};
        buffer.flush();
        assertThat(recorded.stream().flatMap(List::stream)).hasSize(2500);
    }

    @Test
    void usageWithUnknownOutcomeIsDropped() {
        record(KEY, READ, AT);
        record(KEY, READ, AT);
        behavior = batch -> {
            record(KEY, READ, AT);
            throw new OutcomeUnknownException(null);
        };
        buffer.flush();
        behavior = batch -> {};

        buffer.flush();

        assertThat(recorded).containsExactly(List.of(delta(KEY, AT, 1, READ)));
        assertThat(log.linesFrom("API key usage lost: 2 uses could not be recorded"))
                .hasSize(1);
    }

    @Test
    void unexpectedFailureOfStoreDropsOnlyItsBatch() {
        for (Runnable thrower : List.<Runnable>of(
                () -> {
                    throw new IllegalStateException("a fault");
                },
                () -> {
                    throw new NoClassDefFoundError("a driver's class");
                })) {
            record(KEY, READ, AT);
            behavior = batch -> thrower.run();
            buffer.flush();
            behavior = batch -> {};
            buffer.flush();
            record(OTHER, READ, AT);
            buffer.flush();
        }

        assertThat(recorded).containsExactly(List.of(delta(OTHER, AT, 1, READ)), List.of(delta(OTHER, AT, 1, READ)));
        assertThat(log.toString()).contains("a fault", "a driver's class");
    }

    @Test
    void outageAndRecoveryAreEachLoggedOnce() {
        for (int outage = 0; outage < 2; outage++) {
            behavior = batch -> {
                throw new StoreUnavailableException("down", null);
            };
            record(KEY, READ, AT);
            buffer.flush();
            buffer.flush();
            buffer.flush();
            behavior = batch -> {};
            buffer.flush();
            record(KEY, READ, AT);
            buffer.flush();
        }

        assertThat(log.linesFrom("API key usage "))
                .containsExactly(
                        "API key usage cannot be recorded; it is kept for the next flush",
                        "API key usage is recorded again",
                        "API key usage cannot be recorded; it is kept for the next flush",
                        "API key usage is recorded again");
    }

    @Test
    void failingLogDoesNotStopRecording() {
        record(KEY, READ, AT);
        behavior = batch -> {
            throw new StoreUnavailableException("down", null);
        };
        PrintStream before = System.err;
        System.setErr(null);
        try {
            buffer.flush();
        } finally {
            System.setErr(before);
        }
        behavior = batch -> {};

        buffer.flush();

        assertThat(recorded).containsExactly(List.of(delta(KEY, AT, 1, READ)));
    }

    @Test
    void usageBeyondTheLimitIsLostUntilNextFlush() {
        record(MAX_UNCACHED);
        record(KEY, READ, AT);
        record(OTHER, READ, AT);
        record(SampleKeys.key("north", "many_1"), READ, AT);

        buffer.flush();
        assertThat(recorded.stream().flatMap(List::stream)).hasSize(MAX_UNCACHED);
        assertThat(total()).isEqualTo(MAX_UNCACHED + 1);
        assertThat(log.linesFrom("API key usage lost: 2 uses could not be recorded"))
                .hasSize(1);

        record(MAX_UNCACHED);
        buffer.flush();
        assertThat(total()).isEqualTo(2 * MAX_UNCACHED + 1);
        assertThat(log.linesFrom("API key usage lost")).hasSize(1);
    }

    @Test
    void capacityIsReservedForUsageThatIsPutBack() {
        record(MAX_UNCACHED);
        behavior = batch -> {
            record(KEY, READ, AT);
            throw new StoreUnavailableException("down", null);
        };
        buffer.flush();
        behavior = batch -> {};

        buffer.flush();

        assertThat(recorded.stream().flatMap(List::stream)).hasSize(MAX_UNCACHED);
        assertThat(log.linesFrom("API key usage lost: 1 uses")).hasSize(1);
    }

    @Test
    void limitGrowsWithCacheSize() {
        UsageBuffer larger = new UsageBuffer(store::recordUsage, 2, MAX_UNCACHED);
        for (int i = 0; i < MAX_UNCACHED + 3; i++) {
            larger.record(counter(SampleKeys.key("north", "many_" + i)), READ, AT.toEpochMilli());
        }

        larger.flush();

        assertThat(total()).isEqualTo(MAX_UNCACHED + 2);
    }

    @Test
    void keyWithSeveralCountersIsRecordedOnce() {
        buffer.record(counter(KEY), READ, AT.toEpochMilli());
        buffer.record(counter(KEY), WRITE, AT.plusSeconds(1).toEpochMilli());
        buffer.record(KEY.tenant(), KEY.id(), null, AT.toEpochMilli());

        buffer.flush();

        assertThat(recorded).containsExactly(List.of(delta(KEY, AT.plusSeconds(1), 3, READ, WRITE)));
    }

    @Test
    void eachUseIsRecordedOnceUnderConcurrency() throws Exception {
        int threads = 3;
        int each = 200_000;
        AtomicLong flushes = new AtomicLong();
        behavior = batch -> {
            if (flushes.incrementAndGet() % 2 == 0) {
                throw new StoreUnavailableException("down", null);
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    for (int n = 0; n < each; n++) {
                        record(n % 2 == 0 ? KEY : OTHER, READ, AT);
                        if (n % 100 == 0) {
                            // The key is evicted, and cached again with a new counter.
                            counters.remove(KEY.id());
                        }
                    }
                }));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                buffer.flush();
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }
        behavior = batch -> {};
        buffer.flush();

        assertThat(flushes.get()).isPositive();
        assertThat(total()).isEqualTo((long) threads * each);
        assertThat(recorded).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2));
    }

    private void record(ApiKey key, @Nullable Scope scope, Instant at) {
        if (cached) {
            buffer.record(counters.computeIfAbsent(key.id(), id -> counter(key)), scope, at.toEpochMilli());
        } else {
            buffer.record(key.tenant(), key.id(), scope, at.toEpochMilli());
        }
    }

    private static UsageCounter counter(ApiKey key) {
        return new UsageCounter(key.tenant(), key.id());
    }

    private void record(int keys) {
        for (int i = 0; i < keys; i++) {
            record(SampleKeys.key("north", "many_" + i), READ, AT);
        }
    }

    private long total() {
        return recorded.stream()
                .flatMap(List::stream)
                .mapToLong(delta -> delta.usage().count())
                .sum();
    }

    private static UsageDelta delta(ApiKey key, Instant at, long count, Scope... scopes) {
        return new UsageDelta(key.tenant(), key.id(), new KeyUsage(at, count, Set.of(scopes)));
    }
}
