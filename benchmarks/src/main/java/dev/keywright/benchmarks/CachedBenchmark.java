package dev.keywright.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keywright.ApiKeys;
import dev.keywright.Verification;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.KeyFormat;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cached verifications of a fresh string: Keywright, which checks its lease and counts usage; the {@link Reference}, which does
 * neither; and a cache with a time to live of five minutes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CachedBenchmark {

    /** Called by JMH. */
    public CachedBenchmark() {}

    /** The keys, and the order in which they are verified. */
    @State(Scope.Benchmark)
    public abstract static class Population {

        /** The number of keys. */
        @Param({"1000", "100000", "1000000"})
        public int keys;

        /** The distribution of the picks. */
        @Param({"uniform", "zipf"})
        public String pick = "uniform";

        private KeyTexts texts = new KeyTexts(0);
        private Picks picks = new Picks("uniform", 1);

        void begin(KeyTexts all) {
            texts = all;
            picks = new Picks(pick, all.count());
        }

        String next(Cursor cursor) {
            return texts.fresh(picks.at(cursor.next()));
        }

        KeyTexts texts() {
            return texts;
        }
    }

    /** Keys in the {@link Reference}. */
    @State(Scope.Benchmark)
    public static class InReference extends Population {

        private final Reference reference = new Reference();

        /** Called by JMH. */
        public InReference() {}

        /** Generates the keys. */
        @Setup
        public void begin() {
            begin(Reference.fill(reference, keys));
        }
    }

    /** Keys in Keywright's cache. */
    @State(Scope.Benchmark)
    public static class InKeywright extends Population {

        /** Of the same length, which {@link KeyTexts} requires. */
        private static final List<KeyFormat> FORMATS =
                List.of(KeyFormat.DEFAULT, KeyFormat.prefix("kw_"), KeyFormat.prefix("at_"), KeyFormat.prefix("ap_"));

        /** The number of formats of the keys. */
        @Param({"1", "4"})
        public int formats = 1;

        private final InMemoryKeyStore store = new InMemoryKeyStore();
        private ApiKeys apiKeys;

        /** Called by JMH. */
        public InKeywright() {}

        /** Issues the keys, and verifies them until all are cached. */
        @Setup
        public void begin() {
            KeyTexts all = new KeyTexts(keys);
            for (int format = 0; format < formats; format++) {
                try (ApiKeys issuing = issuingIn(format).build()) {
                    all.addAll(IssuedKeys.issue(issuing, keys / formats));
                }
            }
            begin(all);
            apiKeys = issuingIn(0).cache(keys).build();
            while (state().keys() < keys) {
                for (int i = 0; i < keys; i++) {
                    apiKeys.verify(texts().fresh(i));
                }
            }
        }

        private KeywrightBuilder issuingIn(int format) {
            List<KeyFormat> inOrder = new ArrayList<>(FORMATS.subList(0, formats));
            Collections.rotate(inOrder, -format);
            return IssuedKeys.on(store)
                    .formats(inOrder.get(0), inOrder.subList(1, formats).toArray(KeyFormat[]::new));
        }

        /** Fails unless all keys stayed cached. */
        @TearDown
        public void close() {
            if (state().keys() < keys) {
                throw new IllegalStateException("not all keys stayed cached: " + state());
            }
            apiKeys.close();
        }

        ApiKeys apiKeys() {
            return apiKeys;
        }

        CacheStats state() {
            return apiKeys.operatedBy(new Job("benchmark")).cacheStats().orElseThrow();
        }
    }

    /** Keys in a cache with a time to live. */
    @State(Scope.Benchmark)
    public static class InCaffeine extends Population {

        private Cache<Reference.Digest, String> cache;

        /** Called by JMH. */
        public InCaffeine() {}

        /** Generates the keys. */
        @Setup
        public void begin() {
            begin(Reference.fill(new Reference(), keys));
            cache = Caffeine.newBuilder()
                    .maximumSize(keys * 2L)
                    .expireAfterWrite(Duration.ofMinutes(5))
                    .build();
            for (int i = 0; i < keys; i++) {
                cache.put(new Reference.Digest(Reference.sha256(texts().fresh(i))), "tenant-" + i);
            }
        }
    }

    /** The caller's string, which all other benchmarks include. */
    @Benchmark
    public String freshString(InReference population, Cursor cursor) {
        return population.next(cursor);
    }

    /** The hand-written reference. */
    @Benchmark
    public Reference.@Nullable Stored reference(InReference population, Cursor cursor) {
        return population.reference.verify(population.next(cursor), Reference.SCOPE);
    }

    /** Keywright, for a scope. */
    @Benchmark
    public Verification keywright(InKeywright population, Cursor cursor) {
        return population.apiKeys.verify(population.next(cursor), IssuedKeys.SCOPE);
    }

    /** Keywright, for no scope. */
    @Benchmark
    public Verification keywrightUnscoped(InKeywright population, Cursor cursor) {
        return population.apiKeys.verify(population.next(cursor));
    }

    /** A cache with a time to live over SHA-256, without check characters, expiry or scope. It accepts revoked keys for minutes. */
    @Benchmark
    public @Nullable String caffeine(InCaffeine population, Cursor cursor) {
        return population.cache.getIfPresent(new Reference.Digest(Reference.sha256(population.next(cursor))));
    }
}
