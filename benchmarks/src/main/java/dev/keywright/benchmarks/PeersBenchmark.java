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
 * Verification with Spring Security's password encoders, as many applications do it: the first characters of a key find its row, here
 * in a map, and the encoder compares the whole. {@link CachedBenchmark} has the peer with a time to live.
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

    private static final int KEYS = 5;
    private static final int LOOKUP_LENGTH = 11;

    private final KeyTexts texts = Reference.fill(new Reference(), KEYS);
    private final Filter bcrypt = new Filter(new BCryptPasswordEncoder());
    private final Filter delegating = new Filter(PasswordEncoderFactories.createDelegatingPasswordEncoder());
    private final Filter saltedSha256 = new Filter(sha256());

    /** Called by JMH. */
    public PeersBenchmark() {}

    @SuppressWarnings("deprecation") // Deprecated for passwords; for keys a fast digest is right.
    private static PasswordEncoder sha256() {
        return new MessageDigestPasswordEncoder("SHA-256");
    }

    /** The rows of such a filter. */
    private static final class Filter {

        private final PasswordEncoder encoder;
        private final Map<String, String> rows = new HashMap<>();

        Filter(PasswordEncoder encoder) {
            this.encoder = encoder;
        }

        void add(String text) {
            rows.put(text.substring(0, LOOKUP_LENGTH), encoder.encode(text));
        }

        boolean accepts(String text) {
            return encoder.matches(text, rows.get(text.substring(0, LOOKUP_LENGTH)));
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

    /** BCrypt with its default strength. */
    @Benchmark
    public boolean bcrypt(Cursor cursor) {
        return bcrypt.accepts(any(cursor));
    }

    /** Spring Security's default encoder: BCrypt with a prefix. */
    @Benchmark
    public boolean delegating(Cursor cursor) {
        return delegating.accepts(any(cursor));
    }

    /** Salted SHA-256. */
    @Benchmark
    public boolean saltedSha256(Cursor cursor) {
        return saltedSha256.accepts(any(cursor));
    }
}
