package dev.keywright.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.MessageDigestPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Filters as many applications write them with Spring Security's encoders: the first characters of a key find its row, here in a
 * map, and the encoder says whether the rest matches. (A cache with a time to live is among the {@link CachedBenchmark}s.)
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class PeersBenchmark {

    private static final int KEYS = 50;
    private static final int FINDING = 11;

    private final KeyTexts texts = Reference.fill(new Reference(), KEYS);
    private final Filter bcrypt = new Filter(new BCryptPasswordEncoder());
    private final Filter delegating = new Filter(PasswordEncoderFactories.createDelegatingPasswordEncoder());
    private final Filter saltedSha256 = new Filter(sha256());

    /** For JMH. */
    public PeersBenchmark() {}

    @SuppressWarnings(
            "deprecation") // So it is for passwords, and people use it for keys, where a fast digest is right.
    private static PasswordEncoder sha256() {
        return new MessageDigestPasswordEncoder("SHA-256");
    }

    /** What such a filter keeps. */
    private static final class Filter {

        private final PasswordEncoder encoder;
        private final Map<String, String> rows = new HashMap<>();

        Filter(PasswordEncoder encoder) {
            this.encoder = encoder;
        }

        void add(String text) {
            rows.put(text.substring(0, FINDING), encoder.encode(text));
        }

        boolean accepts(String text) {
            return encoder.matches(text, rows.get(text.substring(0, FINDING)));
        }
    }

    /** Encodes the keys. */
    @Setup
    public void begin() {
        for (int i = 0; i < KEYS; i++) {
            bcrypt.add(texts.fresh(i));
            delegating.add(texts.fresh(i));
            saltedSha256.add(texts.fresh(i));
        }
    }

    private String any(Cursor cursor) {
        return texts.fresh(Math.floorMod(cursor.next(), KEYS));
    }

    /** BCrypt, of the strength that it has by default. */
    @Benchmark
    public boolean bcrypt(Cursor cursor) {
        return bcrypt.accepts(any(cursor));
    }

    /** The encoder that Spring Security makes by default, which is the same behind a prefix. */
    @Benchmark
    public boolean delegating(Cursor cursor) {
        return delegating.accepts(any(cursor));
    }

    /** Its SHA-256, with a salt. */
    @Benchmark
    public boolean saltedSha256(Cursor cursor) {
        return saltedSha256.accepts(any(cursor));
    }
}
