package dev.keywright.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of the {@link Reference}, on a thousand keys. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class PiecesBenchmark {

    private static final int KEYS = 1000;

    private final Reference reference = new Reference();
    private final byte[][] ascii = new byte[KEYS][];
    private final byte[][] digests = new byte[KEYS][];
    private final byte[][] same = new byte[KEYS][];

    /** Generates the keys. */
    public PiecesBenchmark() {
        KeyTexts texts = Reference.fill(reference, KEYS);
        for (int i = 0; i < KEYS; i++) {
            ascii[i] = texts.fresh(i).getBytes(StandardCharsets.US_ASCII);
            digests[i] = Reference.sha256(texts.fresh(i));
            same[i] = digests[i].clone();
        }
    }

    private static int any(Cursor cursor) {
        return Math.floorMod(cursor.next(), KEYS);
    }

    /** Parses, including the check characters. */
    @Benchmark
    public boolean parse(Cursor cursor) {
        return Reference.isWellFormed(ascii[any(cursor)]);
    }

    /** Digests. */
    @Benchmark
    public byte[] sha256(Cursor cursor) {
        return Reference.sha256(ascii[any(cursor)]);
    }

    /** Looks up the digest. */
    @Benchmark
    public Reference.@Nullable Stored lookup(Cursor cursor) {
        return reference.find(digests[any(cursor)]);
    }

    /** Compares digests in constant time. */
    @Benchmark
    public boolean isEqual(Cursor cursor) {
        int key = any(cursor);
        return MessageDigest.isEqual(digests[key], same[key]);
    }

    /** Reads the wall clock. */
    @Benchmark
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    /** Reads the monotonic clock, which Keywright does and the reference does not. */
    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
