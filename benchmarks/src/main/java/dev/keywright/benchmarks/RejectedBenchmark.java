package dev.keywright.benchmarks;

import dev.keywright.ApiKeys;
import dev.keywright.Verification;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rejections for each reason, and the issue of a key, on a store in memory with and without a cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class RejectedBenchmark {

    private static final int KEYS = 1000;

    /** Whether there is a cache. */
    @Param({"false", "true"})
    public boolean cached;

    private ApiKeys apiKeys;
    private KeyTexts live;
    private KeyTexts forged;
    private KeyTexts unknown;
    private KeyTexts revoked;

    /** Called by JMH. */
    public RejectedBenchmark() {}

    /** Issues keys, and unknown ones in another store under the same pepper, whose check characters match. */
    @Setup
    public void begin() {
        InMemoryKeyStore store = new InMemoryKeyStore();
        apiKeys = cached
                ? IssuedKeys.on(store).cache(10 * KEYS).build()
                : IssuedKeys.on(store).build();
        live = IssuedKeys.issue(apiKeys, KEYS);
        revoked = IssuedKeys.revoked(apiKeys, KEYS);
        unknown = IssuedKeys.issue(IssuedKeys.on(new InMemoryKeyStore()).build(), KEYS);
        forged = new KeyTexts(KEYS);
        for (int i = 0; i < KEYS; i++) {
            String text = live.fresh(i);
            forged.add(text.substring(0, KeyTexts.LENGTH - 1) + (text.endsWith("q") ? 'r' : 'q'));
        }
    }

    /** Closes the cache. */
    @TearDown
    public void close() {
        apiKeys.close();
    }

    private static String any(KeyTexts texts, Cursor cursor) {
        return texts.fresh(Math.floorMod(cursor.next(), KEYS));
    }

    /** The caller's string, which the others include. */
    @Benchmark
    public String freshString(Cursor cursor) {
        return any(forged, cursor);
    }

    /** A text that is too short. */
    @Benchmark
    public Verification malformed() {
        return apiKeys.verify("ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p");
    }

    /** Check characters that do not match. */
    @Benchmark
    public Verification forged(Cursor cursor) {
        return apiKeys.verify(any(forged, cursor));
    }

    /** Check characters that match on a key that was never issued: one in 1.7 million random forgeries. */
    @Benchmark
    public Verification unknown(Cursor cursor) {
        return apiKeys.verify(any(unknown, cursor));
    }

    /** A revoked key. */
    @Benchmark
    public Verification revoked(Cursor cursor) {
        return apiKeys.verify(any(revoked, cursor));
    }

    /** A key without the scope. */
    @Benchmark
    public Verification missingScope(Cursor cursor) {
        return apiKeys.verify(any(live, cursor), IssuedKeys.OTHER_SCOPE);
    }

    /** A store for new keys, replaced in each iteration, so that it stays small. */
    @State(Scope.Benchmark)
    public static class Growing {

        private TenantKeys keys;

        /** Called by JMH. */
        public Growing() {}

        /** Creates an empty store. */
        @Setup(Level.Iteration)
        public void begin() {
            keys = IssuedKeys.anyTenant(IssuedKeys.on(new InMemoryKeyStore()).build());
        }
    }

    /** Issues a key. */
    @Benchmark
    public Object issued(Growing store) {
        return store.keys.issue(NewKey.named("Reporting Script").allowing(Reference.SCOPE));
    }
}
