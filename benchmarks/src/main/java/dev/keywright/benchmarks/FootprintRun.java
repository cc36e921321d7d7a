package dev.keywright.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.kit.PostgresServer;
import dev.keywright.stress.kit.TemporaryDirectory;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.openjdk.jol.vm.VM;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the memory of cached keys, as they come from PostgreSQL: the objects reachable from an {@code ApiKeys} with a cache, minus
 * those from one without. Then verifies at random for some seconds and prints the hit rate and the garbage collections, so that the
 * least heap for a number of keys can be found by {@code -Xmx}.
 *
 * <pre>{@code
 * java -Xmx8g -Djdk.attach.allowAttachSelf -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.FootprintRun --keys 1000000
 * java -Xmx832m -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.FootprintRun --keys 1000000 --no-graph
 * }</pre>
 *
 * <p>Exit codes: 0 for success, 1 if not all keys stayed in the cache, 2 for invalid options.
 */
@Command(name = "FootprintRun", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class FootprintRun implements Callable<Integer> {

    private static final int THREADS = 4;
    private static final int MAX_CLASSES = 20;
    private static final int MAX_PASSES = 20;

    /** A lease that does not lapse on a busy machine: a lapse would flush the cache. */
    private static final String LONG_LEASE = "UPDATE keywright_coherence SET lease_millis = 20000";

    @Option(names = "--keys", description = "number of cached keys")
    private int count = 100_000;

    @Option(names = "--seconds", description = "duration of the verifications")
    private double seconds = 20;

    @Option(names = "--no-graph", negatable = true, description = "skip the object graph, which needs a large heap")
    private boolean skipGraph;

    private FootprintRun() {}

    /**
     * Runs the command line.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new FootprintRun());
    }

    @Override
    public Integer call() throws Exception {
        // Lets JOL read the fields of records.
        System.setProperty("jol.magicFieldOffset", "true");
        try (TemporaryDirectory directory = TemporaryDirectory.create("keywright-footprint");
                PostgresServer server = PostgresServer.start(directory.path().resolve("data"), Map.of());
                HikariDataSource pool = pool(server);
                Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(LONG_LEASE);
            KeyStore store = JdbcKeyStore.on(pool);
            return measure(store, IssuedKeys.fill(store, count)) ? 0 : 1;
        }
    }

    private static HikariDataSource pool(PostgresServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.url(server.port()));
        // The revision pollers need one each.
        config.setMaximumPoolSize(THREADS + 2);
        return new HikariDataSource(config);
    }

    private boolean measure(KeyStore store, KeyTexts texts) throws InterruptedException {
        List<Runnable> maintenance = new ArrayList<>();
        try (ApiKeys cached = IssuedKeys.unpepperedOn(store)
                        .cache(count)
                        .maintenanceScheduler(maintenance::add)
                        .build();
                ApiKeys uncached = IssuedKeys.unpepperedOn(store)
                        .maintenanceScheduler(maintenance::add)
                        .build()) {
            if (!skipGraph) {
                ObjectGraph before = difference(cached, uncached);
                fill(cached, texts);
                verifyAll(uncached, texts);
                maintenance.forEach(Runnable::run);
                print(difference(cached, uncached).minus(before));
            }
            fill(cached, texts);
            verifyAtRandom(cached, texts);
            return stats(cached).keys() == count;
        }
    }

    private static ObjectGraph difference(ApiKeys cached, ApiKeys uncached) {
        return ObjectGraph.of(cached).minus(ObjectGraph.of(uncached));
    }

    private static CacheStats stats(ApiKeys keys) {
        return keys.operatedBy(new Job("footprint")).cacheStats().orElseThrow();
    }

    /** Verifies all keys, repeatedly, until all are cached. */
    private void fill(ApiKeys keys, KeyTexts texts) throws InterruptedException {
        for (int pass = 0; pass < MAX_PASSES && stats(keys).keys() < count; pass++) {
            verifyAll(keys, texts);
        }
        if (stats(keys).keys() < count) {
            throw new IllegalStateException("only " + stats(keys).keys() + " of " + count + " keys are cached");
        }
    }

    private void verifyAll(ApiKeys keys, KeyTexts texts) throws InterruptedException {
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(first -> new Thread(
                        () -> {
                            for (int key = first; key < count; key += THREADS) {
                                verify(keys, texts.fresh(key));
                            }
                        },
                        "verifier"))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void verify(ApiKeys keys, String text) {
        try {
            keys.verify(text).orElseThrow(rejected -> new IllegalStateException("" + rejected));
        } catch (StoreUnavailableException e) {
            // Looked up again in the next pass.
        }
    }

    private void verifyAtRandom(ApiKeys keys, KeyTexts texts) {
        CacheStats before = stats(keys);
        long collecting = collectionMillis();
        SplittableRandom random = new SplittableRandom(1);
        long begun = System.nanoTime();
        long verifications = 0;
        while (System.nanoTime() - begun < seconds * 1e9) {
            for (int i = 0; i < 100; i++) {
                verify(keys, texts.fresh(random.nextInt(count)));
            }
            verifications += 100;
        }
        CacheStats after = stats(keys);
        System.out.printf(
                Locale.ROOT,
                "%,d keys cached, heap of %,d MB: %,.0f verifications a second by one thread, %.1f %% hits, %.1f %% of"
                        + " the time in garbage collection%n",
                after.keys(),
                Runtime.getRuntime().maxMemory() >> 20,
                verifications / seconds,
                100.0 * (after.hits() - before.hits()) / verifications,
                (collectionMillis() - collecting) / seconds / 10);
    }

    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(collector -> collector.getCollectionTime())
                .sum();
    }

    private void print(ObjectGraph graph) {
        System.out.printf("```%n%s```%n%n", VM.current().details());
        System.out.printf("| %,d cached keys | bytes a key | objects a key |%n| --- | --- | --- |%n", count);
        line("**all**", graph.bytes(), graph.objects());
        for (String type : graph.largest(MAX_CLASSES)) {
            line("`" + type.substring(type.lastIndexOf('.') + 1) + "`", graph.bytes(type), graph.objects(type));
        }
        System.out.println();
    }

    private void line(String name, long bytes, long objects) {
        System.out.printf(
                Locale.ROOT, "| %s | %.1f | %.2f |%n", name, (double) bytes / count, (double) objects / count);
    }
}
