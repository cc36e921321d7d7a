package dev.keywright.stress;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.core.Pepper;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.SharedKeys.Counters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node with a cache, and the threads that use it until the run stops. */
final class Node {

    /** The scope that is removed from keys and added again. */
    static final Scope OPTIONAL_SCOPE = Scope.of("write:people");

    static final String SCOPE = "read:people";

    private static final ScopeCatalog SCOPES =
            ScopeCatalog.of(SCOPE, "list and get people").and(OPTIONAL_SCOPE.value(), "add and change people");

    /** Not a secret: it protects keys that exist as long as a run. */
    private static final Pepper PEPPER =
            Pepper.of("a pepper for stress tests, not a secret".getBytes(StandardCharsets.US_ASCII));

    /** Fewer keys than a long run has, so that the cache evicts. */
    private static final int MAX_CACHED_KEYS = 4000;

    private static final int READERS = 2;
    private static final int REPORT_MILLIS = 50;

    private final Params params;
    private final SharedKeys sharedKeys;
    private volatile boolean readersStopped;

    /**
     * The parameters of a node.
     *
     * @param directory where the shared keys and the journals are
     * @param node the number of the node; the replacement of a killed process has the same
     * @param process the number of the process, never used twice
     * @param port the database port; unused within the coordinator's JVM
     * @param writers the number of threads that manage keys
     * @param defect the defect of the store
     * @param seed the seed of all random choices
     */
    record Params(Path directory, int node, int process, int port, int writers, PlantedDefect defect, long seed) {

        static Params parse(String... words) {
            return new Params(
                    Path.of(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    PlantedDefect.valueOf(words[5]),
                    Long.parseLong(words[6]));
        }

        List<String> words() {
            return List.of(
                    directory.toString(), "" + node, "" + process, "" + port, "" + writers, defect.name(), "" + seed);
        }
    }

    Node(Params params, SharedKeys sharedKeys) {
        this.params = params;
        this.sharedKeys = sharedKeys;
    }

    static int scopeFlag(ApiKey key) {
        return key.scopes().contains(OPTIONAL_SCOPE) ? Event.HAS_SCOPE : 0;
    }

    static int version(ApiKey key) {
        return (int) key.version();
    }

    /** {@return the configuration of a node, without a cache} */
    static KeywrightBuilder configure(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(SCOPES)
                .pepper(PEPPER)
                .importFormat(ImportFormat.prefix(KeySource.PREFIX)
                        .alphabet(KeySource.ALPHABET)
                        .length(KeySource.LENGTH)
                        .digestOfText(ImportDigest.sha256()));
    }

    /** Runs until the run stops. Readers outlast the writers, so that every revocation is followed by verifications. */
    void run(KeyStore store) throws IOException, InterruptedException, ExecutionException {
        ObservedStore observed = new ObservedStore(params.defect.plantIn(store));
        SplittableRandom random = new SplittableRandom(params.seed);
        List<Journal> journals = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ApiKeys keys = build(observed)) {
            List<Future<?>> readers = new ArrayList<>();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(new KeyReader(
                        keys,
                        sharedKeys,
                        observed,
                        journal(journals),
                        params.node,
                        random.split(),
                        () -> readersStopped)));
            }
            for (int i = 0; i < params.writers; i++) {
                KeySource source =
                        new KeySource(keys, sharedKeys, journal(journals), params.node, params.process, random.split());
                int firstRound = params.node * params.writers + i;
                writers.add(threads.submit(new KeyWriter(keys, sharedKeys, source, random.split(), firstRound)));
            }
            for (Future<?> writer : writers) {
                awaitReporting(writer, keys);
            }
            TimeUnit.NANOSECONDS.sleep(KeyWriter.AFTERLIFE_NANOS);
            readersStopped = true;
            for (Future<?> reader : readers) {
                awaitReporting(reader, keys);
            }
        } finally {
            threads.shutdownNow();
            for (Journal journal : journals) {
                journal.close();
            }
        }
    }

    /** Retries until the store is available. */
    private ApiKeys build(KeyStore store) throws InterruptedException {
        while (true) {
            try {
                return configure(store)
                        .clock(new OffsetClock(() -> sharedKeys.clockOffset(params.node)))
                        .cache(MAX_CACHED_KEYS)
                        .build();
            } catch (StoreUnavailableException e) {
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
            }
        }
    }

    private Journal journal(List<Journal> journals) {
        Journal journal = new Journal(params.directory.resolve(params.process + "-" + journals.size() + ".journal"));
        journals.add(journal);
        return journal;
    }

    private void awaitReporting(Future<?> task, ApiKeys keys) throws InterruptedException, ExecutionException {
        boolean done = false;
        while (!done) {
            try {
                task.get(REPORT_MILLIS, TimeUnit.MILLISECONDS);
                done = true;
            } catch (TimeoutException e) {
                // Still running.
            }
            CacheStats stats = keys.operatedBy(new Job("reporter")).cacheStats().orElseThrow();
            sharedKeys.counters(
                    params.process,
                    new Counters(
                            stats.hits(),
                            stats.misses(),
                            stats.readThroughs(),
                            stats.refusedFills(),
                            stats.lapses(),
                            stats.failedPolls()));
        }
    }
}
