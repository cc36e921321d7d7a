package dev.keywright.benchmarks.filter;

import dev.keywright.ApiKeys;
import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.benchmarks.kit.Table;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.ApiKeyFilter;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Measures requests to a servlet that does next to nothing: with no filter before it, with Keywright's, and with one that is written
 * by hand; in turns, in one process.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.filter.FilterRun
 * }</pre>
 *
 * <p>Ends with 0; with 1 where a request was not answered as it should be; and with 2 where the options are wrong.
 */
public final class FilterRun {

    private static final Job JOB = new Job("measurer");
    private static final String SCOPE = "read:people";
    private static final String OTHER_SCOPE = "read:interviews";

    /** What each container needs beside one for each client: it accepts, selects, and keeps some in reserve. */
    private static final int THREADS_BESIDE = 6;

    private static final int ROUNDS_TO_BEGIN = 4;
    private static final long SECONDS_TO_BEGIN = 60;

    private FilterRun() {}

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if a container does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, FilterOptions::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(FilterOptions options, PrintStream out) throws Exception {
        out.printf(Locale.ROOT, "`%s`%n", options);
        int processors = Runtime.getRuntime().availableProcessors();
        out.printf(Locale.ROOT, "%d processors, Java %s, load %.1f%n%n", processors, Runtime.version(), load());
        HandWrittenFilter byHand = new HandWrittenFilter(SCOPE);
        int threads = options.clients() + THREADS_BESIDE;
        try (ApiKeys keys = keys(options.keys());
                Container bare = Container.started("bare", threads, null);
                Container ours = Container.started("ours", threads, filter(keys));
                Container hand = Container.started("hand", threads, byHand)) {
            List<byte[]> requests = new ArrayList<>();
            TenantKeys north = keys.operatedBy(JOB).keysOf(Districts.tenant(0));
            for (int i = 0; i < options.keys(); i++) {
                String key = issued(north, SCOPE);
                byHand.admit(key, Set.of(SCOPE));
                requests.add(Client.request(key));
            }
            String narrow = issued(north, OTHER_SCOPE);
            byHand.admit(narrow, Set.of(OTHER_SCOPE));
            for (Container guarded : List.of(ours, hand)) {
                requireStatus(401, guarded, issued(north, SCOPE).replaceFirst("^ck_.{5}", "ck_00000"));
                requireStatus(403, guarded, narrow);
            }
            List<Turns> all = List.of(
                    new Turns("no filter", bare, requests, options.clients()),
                    new Turns("`ApiKeyFilter`", ours, requests, options.clients()),
                    new Turns("by hand", hand, requests, options.clients()));
            awaitCache(keys);
            measure(all, options, ROUNDS_TO_BEGIN);
            long before = hits(keys);
            long requested = all.get(1).requests();
            measure(all, options, options.rounds()).print(out);
            requireAtLeast(all.get(1).requests() - requested, hits(keys) - before);
            for (Turns turns : all) {
                turns.close();
            }
        }
        out.printf(Locale.ROOT, "load %.1f%n", load());
    }

    private static Table measure(List<Turns> all, FilterOptions options, int rounds) throws Exception {
        Table table = new Table("a request");
        for (int round = 0; round < rounds; round++) {
            // Each is the first one as often as the others.
            List<Turns> order = new ArrayList<>(all);
            Collections.rotate(order, round);
            for (Turns turns : order) {
                turns.take(options.millis());
            }
            all.forEach(turns -> turns.show(table, all.get(0)));
        }
        return table;
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static ApiKeys keys(int count) {
        return Keywright.builder()
                .store(new InMemoryKeyStore())
                .scopes(Districts.OFFERED)
                .pepper(Districts.PEPPER)
                .cache(count + 1)
                .build();
    }

    private static ApiKeyFilter filter(ApiKeys keys) {
        return ApiKeyFilter.verifying(keys)
                .allowing("GET", Container.PATH, SCOPE)
                .allowing("GET", Container.PATH + "/{id}", SCOPE)
                .allowing("POST", Container.PATH, "write:people")
                .allowing("GET", "/api/interviews", OTHER_SCOPE)
                .allowing("GET", "/api/interviews/{id}", OTHER_SCOPE);
    }

    private static String issued(TenantKeys tenant, String scope) {
        return tenant.issue(NewKey.named("Reporting Script").allowing(scope))
                .secret()
                .reveal();
    }

    private static CacheStats state(ApiKeys keys) {
        return keys.operatedBy(JOB).cacheStats().orElseThrow();
    }

    private static long hits(ApiKeys keys) {
        return state(keys).hits();
    }

    private static void awaitCache(ApiKeys keys) throws InterruptedException {
        long begun = System.nanoTime();
        while (state(keys).leaseLeft().isZero()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
                throw new IllegalStateException("the cache does not begin to answer");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static void requireStatus(int status, Container container, String key) throws IOException {
        try (Client client = new Client(container.port())) {
            int answered = client.status(Client.request(key));
            if (answered != status) {
                throw new IllegalStateException("a key that is to be answered with " + status + " was answered with "
                        + answered + ": that measures nothing");
            }
        }
    }

    private static void requireAtLeast(long requests, long hits) {
        // Now and then a lease runs out on a machine with much to do.
        if (hits < requests * 0.9) {
            throw new IllegalStateException("of " + requests + " requests, the cache answered " + hits);
        }
    }
}
