package dev.keywright.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.Verification;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
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
 * A verification that asks the store, on H2 in memory and on the in-memory store, beside a hand-written {@code SELECT} by a
 * digest on the same pool; and what a malformed and a forged key cost. Only the ratios within one run count.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
public class ReadThroughBenchmark {

    /** How many keys there are. */
    @Param("10000")
    public int keys;

    private HikariDataSource pool;
    private IssuedKeys onH2;
    private IssuedKeys inMemory;

    /** For JMH. */
    public ReadThroughBenchmark() {}

    /** Issues the keys. */
    @Setup
    public void issue() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:benchmark");
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        JdbcSchema.install(pool);
        onH2 = new IssuedKeys(JdbcKeyStore.on(pool), keys);
        inMemory = new IssuedKeys(new InMemoryKeyStore(), keys);
    }

    /** Closes the pool, and the database with it. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** The floor: one digest, one prepared statement, and the id out of the row that it finds. */
    @Benchmark
    public byte[] handWrittenSelectOnH2() throws SQLException, GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(onH2.any().getBytes(StandardCharsets.US_ASCII));
        try (Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT * FROM keywright_key WHERE digest = ?")) {
            select.setBytes(1, digest);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the key is not where it was put");
                }
                return row.getBytes("id");
            }
        }
    }

    /** Ours, on the same pool. */
    @Benchmark
    public Verification verifyOnH2() {
        return onH2.apiKeys().verify(onH2.any());
    }

    /** Ours, without a database. */
    @Benchmark
    public Verification verifyInMemory() {
        return inMemory.apiKeys().verify(inMemory.any());
    }

    /** A text that has not the shape of a key. */
    @Benchmark
    public Verification rejectMalformed() {
        return inMemory.apiKeys().verify("ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p=");
    }

    /** A text that has the shape of a key, and whose check characters do not fit. */
    @Benchmark
    public Verification rejectForged() {
        return inMemory.apiKeys().verify("ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6");
    }
}
