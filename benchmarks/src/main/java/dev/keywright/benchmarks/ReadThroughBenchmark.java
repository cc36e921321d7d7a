package dev.keywright.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.Verification;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.stress.kit.PostgresServer;
import dev.keywright.stress.kit.TemporaryDirectory;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
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
 * Verification without a cache: on a database, beside a hand-written {@code SELECT} by the same digest on the same pool, and on the
 * store in memory. The keys have no pepper, so that the {@code SELECT} can compute their digests.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
public class ReadThroughBenchmark {

    /** Called by JMH. */
    public ReadThroughBenchmark() {}

    /** A database with keys. */
    @State(Scope.Benchmark)
    public static class OnDatabase {

        /** {@code h2}, in memory, or {@code postgresql}, on this machine. */
        @Param({"h2", "postgresql"})
        public String database = "h2";

        /** The number of keys. */
        @Param({"10000", "1000000"})
        public int keys;

        private @Nullable TemporaryDirectory directory;
        private @Nullable PostgresServer server;
        private HikariDataSource pool;
        private ApiKeys apiKeys;
        private KeyTexts texts;
        private Picks picks;

        /** Called by JMH. */
        public OnDatabase() {}

        /** Fills the store. */
        @Setup
        public void begin() throws IOException, SQLException {
            HikariConfig config = new HikariConfig();
            config.setMaximumPoolSize(4);
            if (database.equals("h2")) {
                config.setJdbcUrl("jdbc:h2:mem:benchmark");
            } else {
                directory = TemporaryDirectory.create("keywright-read-through");
                server = PostgresServer.start(directory.path().resolve("data"), Map.of("fsync", "on"));
                config.setJdbcUrl(PostgresServer.url(server.port()));
            }
            pool = new HikariDataSource(config);
            JdbcSchema.install(pool);
            JdbcKeyStore store = JdbcKeyStore.on(pool);
            texts = IssuedKeys.fill(store, keys);
            picks = new Picks("uniform", keys);
            if (server != null) {
                vacuum();
            }
            apiKeys = IssuedKeys.unpepperedOn(store).build();
        }

        /** Stops the database. */
        @TearDown
        public void close() throws IOException {
            apiKeys.close();
            pool.close();
            if (server != null && directory != null) {
                server.close();
                directory.close();
            }
        }

        private void vacuum() throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM ANALYZE");
                statement.execute("CHECKPOINT");
            }
        }

        String next(Cursor cursor) {
            return texts.fresh(picks.at(cursor.next()));
        }
    }

    /** The store in memory, with keys. */
    @State(Scope.Benchmark)
    public static class InMemory {

        /** The number of keys. */
        @Param({"10000", "1000000"})
        public int keys;

        private ApiKeys apiKeys;
        private KeyTexts texts;
        private Picks picks;

        /** Called by JMH. */
        public InMemory() {}

        /** Fills the store. */
        @Setup
        public void begin() {
            apiKeys = IssuedKeys.on(new InMemoryKeyStore()).build();
            texts = IssuedKeys.issue(apiKeys, keys);
            picks = new Picks("uniform", keys);
        }
    }

    /** The floor: SHA-256, one prepared statement, and the columns that decide. */
    @Benchmark
    public String handWrittenSelect(OnDatabase population, Cursor cursor) throws SQLException {
        byte[] digest = Reference.sha256(population.next(cursor));
        try (Connection connection = population.pool.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT id, tenant, scopes, expires_at, revoked_at FROM keywright_key WHERE digest = ?")) {
            select.setBytes(1, digest);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getObject("revoked_at") != null) {
                    throw new IllegalStateException("the key is missing");
                }
                long expiresAt = row.getLong("expires_at");
                if ((!row.wasNull() && expiresAt <= System.currentTimeMillis())
                        || !row.getString("scopes").equals(Reference.SCOPE)) {
                    throw new IllegalStateException("the key has other values than it was issued with");
                }
                return row.getString("tenant");
            }
        }
    }

    /** Keywright, on the same pool. */
    @Benchmark
    public Verification keywright(OnDatabase population, Cursor cursor) {
        return population.apiKeys.verify(population.next(cursor), IssuedKeys.SCOPE);
    }

    /** Keywright, without a database. */
    @Benchmark
    public Verification keywrightInMemory(InMemory population, Cursor cursor) {
        return population.apiKeys.verify(population.texts.fresh(population.picks.at(cursor.next())), IssuedKeys.SCOPE);
    }
}
