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
import dev.keywright.core.cache.CachedResult;
import dev.keywright.core.cache.KeyCache;
import dev.keywright.core.cache.KeyFingerprints;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

@ParameterizedClass(name = "remembered: {0}")
@ValueSource(booleans = {false, true})
class UsageBufferTest {

    private static final Instant AT = Instant.parse("2025-03-10T07:00:00.125Z");
    private static final Scope READ = Scope.of("read:people");
    private static final Scope WRITE = Scope.of("write:people");
    private static final ApiKey KEY = SampleKeys.key("north", "key_1");
    private static final ApiKey OTHER = SampleKeys.key("south", "key_2");
    private static final int MOST = 100_000;

    /** A mock, since it must fail on demand; and one that remembers nothing, since it is called a great many times. */
    private final UsageStore store = mock(UsageStore.class, withSettings().stubOnly());

    private final UsageBuffer uses = new UsageBuffer(store, 0);
    private final boolean remembered;
    private final Map<KeyId, LookupResult> found = new ConcurrentHashMap<>();
    private final List<List<UsageDelta>> written = new ArrayList<>();
    private final CapturedLog log = new CapturedLog();
    private Consumer<List<UsageDelta>> behaviour = batch -> {};

    /** Either all keys are looked up each time, or they are remembered. */
    UsageBufferTest(boolean remembered) {
        this.remembered = remembered;
    }

    @BeforeEach
    void setUpTheStore() {
        doAnswer(call -> {
                    List<UsageDelta> batch = call.getArgument(0);
                    behaviour.accept(batch);
                    written.add(batch);
                    return null;
                })
                .when(store)
                .recordUsage(any());
    }

    @AfterEach
    void showTheLogAgain() {
        log.close();
    }

    @Test
    void usesOfAKeyAreAddedUpAndWrittenOnce() {
        record(KEY, READ, AT.plusNanos(999_999));
        record(KEY, WRITE, AT.minusMillis(1));
        record(KEY, READ, AT.minusMillis(2));
        record(OTHER, null, AT);

        uses.flush();

        assertThat(written).hasSize(1);
        assertThat(written.get(0))
                .containsExactlyInAnyOrder(
                        new UsageDelta(KEY.tenant(), KEY.id(), new KeyUsage(AT, 3, Set.of(READ, WRITE))),
                        new UsageDelta(OTHER.tenant(), OTHER.id(), new KeyUsage(AT, 1, Set.of())));
    }

    @Test
    void whatWasWrittenIsNotWrittenAgain() {
        record(KEY, READ, AT);
        uses.flush();
        uses.flush();
        record(KEY, READ, AT.plusSeconds(1));
        uses.flush();

        assertThat(written)
                .containsExactly(List.of(use(KEY, AT, 1, READ)), List.of(use(KEY, AT.plusSeconds(1), 1, READ)));
    }

    @Test
    void usesOfAKeyThatManyThreadsUseVeryOftenAreWrittenToTheLast() throws Exception {
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
                uses.flush();
                one.get();
            }
        } finally {
            pool.shutdown();
        }
        uses.flush();

        assertThat(written.stream().flatMap(List::stream).map(UsageDelta::usage).reduce(UsageBuffer::sum))
                .contains(new KeyUsage(AT.plusSeconds(threads - 1), (long) threads * each, Set.of(READ, WRITE)));
        assertThat(written).allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void manyKeysAreWrittenInBatches() {
        record(2500);

        uses.flush();

        assertThat(written).extracting(List::size).containsExactly(1000, 1000, 500);
        assertThat(written.stream().flatMap(List::stream).map(UsageDelta::id).distinct())
                .hasSize(2500);
    }

    @Test
    void whileTheStoreIsNotAvailableUsesAreKeptWithThoseThatComeMeanwhile() {
        record(KEY, READ, AT);
        record(KEY, READ, AT);
        behaviour = batch -> {
            record(KEY, WRITE, AT.minusSeconds(1));
            record(OTHER, READ, AT);
            throw new StoreUnavailableException("down", null);
        };
        uses.flush();
        record(KEY, READ, AT.plusSeconds(1));
        behaviour = batch -> {};

        uses.flush();
        uses.flush();

        assertThat(written).hasSize(1);
        assertThat(written.get(0))
                .containsExactlyInAnyOrder(use(KEY, AT.plusSeconds(1), 4, READ, WRITE), use(OTHER, AT, 1, READ));
        assertThat(log.toString()).doesNotContain("are lost");
    }

    @Test
    void theTimeNeverMovesBackWhereUsesComeBack() {
        record(KEY, null, AT);
        behaviour = batch -> {
            record(KEY, null, AT.minusSeconds(1));
            throw new StoreUnavailableException("down", null);
        };
        uses.flush();
        behaviour = batch -> {};

        uses.flush();

        assertThat(written).containsExactly(List.of(use(KEY, AT, 2)));
    }

    @Test
    void aStoreThatFailsIsNotAskedAgainInTheSameFlush() {
        AtomicLong asked = new AtomicLong();
        record(2500);
        behaviour = batch -> {
            asked.incrementAndGet();
            throw new StoreUnavailableException("down", null);
        };

        uses.flush();
        assertThat(asked).hasValue(1);

        behaviour = batch -> {};
        uses.flush();
        assertThat(written.stream().flatMap(List::stream)).hasSize(2500);
    }

    @Test
    void usesWithAnUnknownOutcomeAreNotWrittenAgain() {
        record(KEY, READ, AT);
        record(KEY, READ, AT);
        behaviour = batch -> {
            record(KEY, READ, AT);
            throw new OutcomeUnknownException(null);
        };
        uses.flush();
        behaviour = batch -> {};

        uses.flush();

        assertThat(written).containsExactly(List.of(use(KEY, AT, 1, READ)));
        assertThat(log.linesFrom("2 uses of API keys could not be written down, and are lost"))
                .hasSize(1);
    }

    @Test
    void aStoreThatThrowsWhatItMustNotHarmsNobody() {
        for (Runnable thrower : List.<Runnable>of(
                () -> {
                    throw new IllegalStateException("a fault");
                },
                () -> {
                    throw new NoClassDefFoundError("a driver's class");
                })) {
            record(KEY, READ, AT);
            behaviour = batch -> thrower.run();
            uses.flush();
            behaviour = batch -> {};
            uses.flush();
            record(OTHER, READ, AT);
            uses.flush();
        }

        assertThat(written).containsExactly(List.of(use(OTHER, AT, 1, READ)), List.of(use(OTHER, AT, 1, READ)));
        assertThat(log.toString()).contains("a fault", "a driver's class");
    }

    @Test
    void anOutageIsLoggedOnceAndItsEndOnce() {
        for (int outage = 0; outage < 2; outage++) {
            behaviour = batch -> {
                throw new StoreUnavailableException("down", null);
            };
            record(KEY, READ, AT);
            uses.flush();
            uses.flush();
            uses.flush();
            behaviour = batch -> {};
            uses.flush();
            record(KEY, READ, AT);
            uses.flush();
        }

        assertThat(log.linesFrom("Uses of API keys "))
                .containsExactly(
                        "Uses of API keys cannot be written down: they are kept for the next time",
                        "Uses of API keys are being written down again",
                        "Uses of API keys cannot be written down: they are kept for the next time",
                        "Uses of API keys are being written down again");
    }

    @Test
    void aLogThatThrowsEndsNothing() {
        record(KEY, READ, AT);
        behaviour = batch -> {
            throw new StoreUnavailableException("down", null);
        };
        PrintStream before = System.err;
        System.setErr(null);
        try {
            uses.flush();
        } finally {
            System.setErr(before);
        }
        behaviour = batch -> {};

        uses.flush();

        assertThat(written).containsExactly(List.of(use(KEY, AT, 1, READ)));
    }

    @Test
    void furtherKeysThanThereIsRoomForAreLostUntilTheNextFlush() {
        record(MOST);
        record(KEY, READ, AT);
        record(OTHER, READ, AT);
        record(SampleKeys.key("north", "many_1"), READ, AT);

        uses.flush();
        assertThat(written.stream().flatMap(List::stream)).hasSize(MOST);
        assertThat(total()).isEqualTo(MOST + 1);
        assertThat(log.linesFrom("2 uses of API keys could not be written down, and are lost"))
                .hasSize(1);

        record(MOST);
        uses.flush();
        assertThat(total()).isEqualTo(2 * MOST + 1);
        assertThat(log.linesFrom("are lost")).hasSize(1);
    }

    @Test
    void roomIsKeptForWhatMayComeBack() {
        record(MOST);
        behaviour = batch -> {
            record(KEY, READ, AT);
            throw new StoreUnavailableException("down", null);
        };
        uses.flush();
        behaviour = batch -> {};

        uses.flush();

        assertThat(written.stream().flatMap(List::stream)).hasSize(MOST);
        assertThat(log.linesFrom("1 uses of API keys could not")).hasSize(1);
    }

    @Test
    void theCacheMakesRoomForItsOwnKeysToo() {
        UsageBuffer roomy = new UsageBuffer(store, 2);
        for (int i = 0; i < MOST + 3; i++) {
            roomy.record(found(SampleKeys.key("north", "many_" + i)), READ, AT.toEpochMilli());
        }

        roomy.flush();

        assertThat(total()).isEqualTo(MOST + 2);
    }

    @Test
    void aKeyThatIsRememberedAnewIsWrittenOnceWithAllItsUses() {
        uses.record(found(KEY), READ, AT.toEpochMilli());
        uses.record(found(KEY), WRITE, AT.plusSeconds(1).toEpochMilli());
        uses.record(new LookupResult(true, KEY, 1), null, AT.toEpochMilli());

        uses.flush();

        assertThat(written).containsExactly(List.of(use(KEY, AT.plusSeconds(1), 3, READ, WRITE)));
    }

    /** Else as many would stay alive as were used since the last flush, however few the cache may have. */
    @Test
    void entryIsNotKeptAliveByItsUsage() {
        KeyCache entries = new KeyCache(1);
        WeakReference<ApiKey> evicted = fillAndUse(entries);

        entries.fill(new KeyFingerprints.Fingerprint(3, 4), new LookupResult(true, OTHER, 1), entries.epoch());
        for (int i = 0; i < 100 && evicted.get() != null; i++) {
            System.gc();
        }

        assertThat(evicted.get()).isNull();
        uses.flush();
        assertThat(written).containsExactly(List.of(use(KEY, AT, 1, READ)));
    }

    private WeakReference<ApiKey> fillAndUse(KeyCache entries) {
        ApiKey key = SampleKeys.key("north", "key_1");
        LookupResult cached =
                entries.fill(new KeyFingerprints.Fingerprint(1, 2), new LookupResult(true, key, 1), entries.epoch());
        uses.record(Objects.requireNonNull(cached), READ, AT.toEpochMilli());
        return new WeakReference<>(Objects.requireNonNull(cached.key()));
    }

    @Test
    void useOfAnEntryEvictedMeanwhileIsWritten() {
        KeyCache entries = new KeyCache(1);
        LookupResult cached = Objects.requireNonNull(
                entries.fill(new KeyFingerprints.Fingerprint(1, 2), new LookupResult(true, KEY, 1), entries.epoch()));
        uses.record(cached, READ, AT.toEpochMilli());
        entries.flush(1);

        uses.record(cached, READ, AT.toEpochMilli());
        LookupResult again = Objects.requireNonNull(
                entries.fill(new KeyFingerprints.Fingerprint(1, 2), new LookupResult(true, KEY, 1), entries.epoch()));
        uses.record(again, READ, AT.toEpochMilli());
        uses.flush();

        assertThat(written).containsExactly(List.of(use(KEY, AT, 3, READ)));
    }

    @Test
    void whateverRacesEachUseIsWrittenOnce() throws Exception {
        int threads = 3;
        int each = 200_000;
        AtomicLong flushes = new AtomicLong();
        behaviour = batch -> {
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
                            // Somebody changes the key, so that it is remembered anew.
                            found.remove(KEY.id());
                        }
                    }
                }));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                uses.flush();
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }
        behaviour = batch -> {};
        uses.flush();

        assertThat(flushes.get()).isPositive();
        assertThat(total()).isEqualTo((long) threads * each);
        assertThat(written).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2));
    }

    private void record(ApiKey key, @Nullable Scope scope, Instant at) {
        uses.record(found.computeIfAbsent(key.id(), id -> found(key)), scope, at.toEpochMilli());
    }

    private LookupResult found(ApiKey key) {
        return remembered
                ? new CachedResult(new KeyFingerprints.Fingerprint(1, 2), key, 1)
                : new LookupResult(true, key, 1);
    }

    private void record(int keys) {
        for (int i = 0; i < keys; i++) {
            record(SampleKeys.key("north", "many_" + i), READ, AT);
        }
    }

    private long total() {
        return written.stream()
                .flatMap(List::stream)
                .mapToLong(use -> use.usage().count())
                .sum();
    }

    private static UsageDelta use(ApiKey key, Instant at, long count, Scope... scopes) {
        return new UsageDelta(key.tenant(), key.id(), new KeyUsage(at, count, Set.of(scopes)));
    }
}
