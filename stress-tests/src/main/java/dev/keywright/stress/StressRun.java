package dev.keywright.stress;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyNotFoundException;
import dev.keywright.TenantId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.kit.NetworkProxy;
import dev.keywright.stress.kit.PostgresServer;
import dev.keywright.stress.kit.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs nodes with caches against one store, under disruptions, and checks the recorded history.
 *
 * <pre>{@code
 * java -cp 'stress-tests/target/stress-tests.jar:stress-tests/target/stress-tests-lib/*' dev.keywright.stress.StressRun --nodes 2 --seconds 45
 * }</pre>
 *
 * <p>Exit codes: 0 for success, 1 for violations, 2 for invalid options, 3 for insufficient coverage.
 */
@Command(
        name = "StressRun",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Verifies and manages keys on several nodes with caches, and checks every answer afterwards.")
public final class StressRun implements Callable<Integer> {

    /** The default lease of the cache; used for coverage statistics only. */
    private static final Duration LEASE = Duration.ofMillis(250);

    /** A cache with as many hits holds most of the keys in use. */
    private static final long WARM_HITS = 500;

    /** The stores that a run can use. */
    enum Store {
        /** A PostgreSQL of the run's own, one process for each node, and {@link Disruptions}. */
        POSTGRESQL,
        /** H2 in memory; all nodes are in one process, and nothing is disrupted. */
        H2,
        /** As with H2, but {@link InMemoryKeyStore}. */
        MEMORY
    }

    @Option(names = "--store", description = "${COMPLETION-CANDIDATES}")
    private Store store = Store.POSTGRESQL;

    @Option(names = "--nodes", description = "number of nodes, 2 to 16")
    private int nodes = 2;

    @Option(names = "--writers", description = "threads of each node that manage keys")
    private int writers = 10;

    @Option(names = "--seconds", description = "duration; longer until disruptions and rounds are complete")
    private int seconds = 45;

    @Option(names = "--revocations", description = "stop after this many keys were revoked")
    private long revocations = Long.MAX_VALUE;

    @Option(names = "--seed", description = "seed of all random choices; scheduling stays random")
    private long seed = 1;

    @Option(names = "--planted", description = "defect of the store: ${COMPLETION-CANDIDATES}")
    private PlantedDefect planted = PlantedDefect.NONE;

    private StressRun() {}

    /**
     * Runs the command line.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new StressRun()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (nodes < 2 || nodes > 16 || writers < 1 || seconds < 1 || revocations < 1) {
            throw new CommandLine.ParameterException(
                    commandLine(), "2 to 16 nodes, and at least 1 writer, second and revocation are required");
        }
        PrintStream out = System.out;
        out.printf(
                Locale.ROOT,
                "%s, %d nodes, %d writers each, seed %d, defect %s, on %d processors and Java %s%n",
                store,
                nodes,
                writers,
                seed,
                planted,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        long begun = System.nanoTime();
        TemporaryDirectory directory = TemporaryDirectory.create("keywright-stress");
        Report report = store == Store.POSTGRESQL ? runProcesses(directory.path()) : runThreads(directory.path());
        out.printf(Locale.ROOT, "ran and checked in %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        int exitCode = report.print(out);
        if (exitCode == 0 || planted != PlantedDefect.NONE) {
            directory.close();
        } else {
            out.println("journals kept in " + directory.path());
        }
        return exitCode;
    }

    private Node.Params params(Path directory, int node, int port) {
        return new Node.Params(directory, node, node + 1, port, writers, planted, seed * 1000 + node);
    }

    private Report runProcesses(Path directory) throws IOException, InterruptedException {
        SharedKeys sharedKeys = new SharedKeys(directory.resolve("keys"));
        List<NetworkProxy> proxies = new ArrayList<>();
        try (PostgresServer server = PostgresServer.start(directory.resolve("data"), Map.of());
                NodeProcesses processes = new NodeProcesses(sharedKeys)) {
            for (int node = 0; node < nodes; node++) {
                proxies.add(NetworkProxy.to(server.port()));
                processes.add(params(directory, node, proxies.get(node).port()));
            }
            Disruptions disruptions = new Disruptions(sharedKeys, server, proxies, processes, seed);
            processes.awaitCaches();
            long begun = System.nanoTime();
            while (!disruptions.areComplete() || isToContinue(sharedKeys, begun, 0)) {
                disruptions.next();
                sharedKeys.advance();
                processes.requireAlive();
            }
            sharedKeys.stop();
            processes.awaitExit();
            return report(directory, sharedKeys, processes.started(), disruptions.counts());
        } finally {
            for (NetworkProxy proxy : proxies) {
                proxy.close();
            }
        }
    }

    private boolean isToContinue(SharedKeys sharedKeys, long begun, long revokedBefore) {
        return System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)
                && sharedKeys.revokedCount() - revokedBefore < revocations;
    }

    private boolean areCachesWarm(SharedKeys sharedKeys) {
        return IntStream.rangeClosed(1, nodes)
                .allMatch(process -> sharedKeys.counters(process).hits() > WARM_HITS);
    }

    private Report runThreads(Path directory) throws IOException, InterruptedException, ExecutionException {
        SharedKeys sharedKeys = new SharedKeys(directory.resolve("keys"));
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000";
        List<HikariDataSource> pools = new ArrayList<>();
        KeyStore memory = new InMemoryKeyStore();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int number = 0; number < nodes; number++) {
                KeyStore opened = store == Store.MEMORY ? memory : h2(url, pools);
                Node node = new Node(params(directory, number, 0), sharedKeys);
                running.add(threads.submit(() -> {
                    node.run(opened);
                    return true;
                }));
            }
            while (!areCachesWarm(sharedKeys) && running.stream().noneMatch(Future::isDone)) {
                LockSupport.parkNanos(LEASE.toNanos());
            }
            long begun = System.nanoTime();
            long revokedBefore = sharedKeys.revokedCount();
            while (isToContinue(sharedKeys, begun, revokedBefore)
                    && running.stream().noneMatch(Future::isDone)) {
                LockSupport.parkNanos(LEASE.toNanos());
                sharedKeys.advance();
            }
            sharedKeys.stop();
            for (Future<?> node : running) {
                node.get();
            }
            recordUsage(store == Store.MEMORY ? memory : h2(url, pools), directory, sharedKeys);
            return report(directory, sharedKeys, nodes, Map.of());
        } finally {
            sharedKeys.stop();
            threads.shutdownNow();
            pools.forEach(HikariDataSource::close);
        }
    }

    private static KeyStore h2(String url, List<HikariDataSource> pools) {
        // A busy machine must not turn a wait for a connection into a failure.
        HikariDataSource pool = NodeProcess.pool(url, Duration.ofMinutes(1));
        pools.add(pool);
        JdbcSchema.install(pool);
        return JdbcKeyStore.on(pool);
    }

    /** Records the usage counts that the store has, now that all nodes have flushed theirs. */
    private static void recordUsage(KeyStore store, Path directory, SharedKeys sharedKeys) throws IOException {
        try (ApiKeys keys = Node.configure(store).build();
                Journal journal = new Journal(directory.resolve("usage.journal"))) {
            for (int key = 0; key < sharedKeys.size(); key++) {
                if (sharedKeys.hasId(key)) {
                    long now = System.nanoTime();
                    try {
                        ApiKey row = keys.operatedBy(KeySource.JOB)
                                .keysOf(TenantId.of("t" + sharedKeys.tenant(key)))
                                .get(sharedKeys.id(key));
                        int count =
                                row.usage().map(usage -> (int) usage.count()).orElse(0);
                        journal.add(new Event(EventType.USAGE, 0, 0, key, now, now, count));
                    } catch (KeyNotFoundException e) {
                        // Purged.
                    }
                }
            }
        }
    }

    private static Report report(
            Path directory, SharedKeys sharedKeys, int processes, Map<Disruption, Integer> disruptions)
            throws IOException {
        Findings findings = HistoryChecker.check(each -> Journal.readAll(directory, each), LEASE);
        SharedKeys.Counters caches = new SharedKeys.Counters(0, 0, 0, 0, 0, 0);
        for (int process = 1; process <= processes; process++) {
            caches = caches.and(sharedKeys.counters(process));
        }
        return new Report(findings, caches, processes, disruptions);
    }
}
