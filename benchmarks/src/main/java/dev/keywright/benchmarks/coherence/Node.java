package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
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

/** One node with a cache, and all that its threads do until the board says that it is enough. */
final class Node {

    /** What is taken from keys, and given back. */
    static final Scope LOSABLE = Scope.of("write:people");

    static final ScopeCatalog OFFERED =
            ScopeCatalog.of("read:people", "list and get people").and(LOSABLE.value(), "add and change people");

    /** Known to everybody, which does not matter: it guards keys that live as long as a run. */
    static final Pepper PEPPER =
            Pepper.of("a pepper for runs, and of no other use".getBytes(StandardCharsets.US_ASCII));

    /** Fewer than there are in a long run: room must be made, too. */
    private static final int MOST_CACHED = 4000;

    private static final int CALLERS = 2;
    private static final int MILLIS_BETWEEN_REPORTS = 50;

    private final Board board;
    private final Path folder;
    private final int number;
    private final int process;
    private final Planted planted;

    /**
     * Takes the parts.
     *
     * @param folder where the journals are
     * @param number the number of the node, which the process that takes the place of a dead one inherits
     * @param process the number of the process
     * @param planted what is wrong with it
     */
    Node(Board board, Path folder, int number, int process, Planted planted) {
        this.board = board;
        this.folder = folder;
        this.number = number;
        this.process = process;
        this.planted = planted;
    }

    /**
     * Runs until the board says that it is enough.
     *
     * @param custodians how many threads issue and end keys
     * @param keys how many keys each of them imports at a time, at most
     */
    void run(KeyStore store, int custodians, int keys, SplittableRandom random)
            throws IOException, InterruptedException, ExecutionException {
        WatchedStore watched = new WatchedStore(store, planted);
        List<Journal> journals = new ArrayList<>();
        ExecutorService pool = Executors.newCachedThreadPool();
        try (ApiKeys node = built(watched.store())) {
            List<Runnable> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(new Caller(node, board, watched, journal(journals), number, random.split()));
            }
            for (int i = 0; i < custodians; i++) {
                all.add(new Custodian(node, board, journal(journals), number, process, keys, random.split()));
            }
            for (Future<?> one : all.stream().map(pool::submit).toList()) {
                awaitReporting(one, node);
            }
        } finally {
            pool.shutdownNow();
            for (Journal journal : journals) {
                journal.close();
            }
        }
    }

    /** As soon as the store answers. */
    private ApiKeys built(KeyStore store) throws InterruptedException {
        while (true) {
            try {
                return Keywright.builder()
                        .store(store)
                        .scopes(OFFERED)
                        .pepper(PEPPER)
                        .importFormat(ImportFormat.prefix(Intake.PREFIX)
                                .alphabet(Intake.ALPHABET)
                                .length(Intake.LENGTH)
                                .digestOfText(ImportDigest.sha256()))
                        .clock(new JumpingClock(() -> board.clock(number)))
                        .cache(MOST_CACHED)
                        .build();
            } catch (StoreUnavailableException e) {
                TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_REPORTS);
            }
        }
    }

    private Journal journal(List<Journal> journals) {
        Journal journal = new Journal(folder.resolve(process + "-" + journals.size() + ".journal"));
        journals.add(journal);
        return journal;
    }

    private void awaitReporting(Future<?> one, ApiKeys node) throws InterruptedException, ExecutionException {
        boolean done = false;
        while (!done) {
            try {
                one.get(MILLIS_BETWEEN_REPORTS, TimeUnit.MILLISECONDS);
                done = true;
            } catch (TimeoutException e) {
                // It goes on, which is as it should be.
            }
            report(node.operatedBy(new Job("reporter")).cacheStats().orElseThrow());
        }
    }

    private void report(CacheStats state) {
        board.counters(
                process,
                new Board.Counters(
                        state.hits(),
                        state.misses(),
                        state.readThroughs(),
                        state.refusedFills(),
                        state.lapses(),
                        state.failedPolls()));
    }
}
