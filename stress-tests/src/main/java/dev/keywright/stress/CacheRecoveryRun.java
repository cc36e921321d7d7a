package dev.keywright.stress;

import dev.keywright.Actor;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.core.Pepper;
import dev.keywright.management.CacheStats;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.kit.SlowStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Checks that the hit rate of an overloaded cache recovers while keys are written: after a cold start, a flush and an outage. 400
 * threads verify 1,000 keys 4,000 times a second, on a store with ten connections and lookups of 20 ms, which alone could answer 500.
 *
 * <pre>{@code
 * java -Xmx2g -cp 'stress-tests/target/stress-tests.jar:stress-tests/target/stress-tests-lib/*' dev.keywright.stress.CacheRecoveryRun
 * }</pre>
 *
 * <p>Prints one line for each second. Exit codes: 0 for success, 1 if the hit rate is below 98 % at the end of a phase, 2 for
 * invalid options.
 */
@Command(
        name = "CacheRecoveryRun",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Checks that the hit rate of an overloaded cache recovers.")
public final class CacheRecoveryRun implements Callable<Integer> {

    private static final int THREADS = 400;
    private static final int KEYS = 1000;
    private static final int REQUESTS_PER_SECOND = 4000;
    private static final int CONNECTIONS = 10;
    private static final Duration LOOKUP_TIME = Duration.ofMillis(20);
    private static final int WRITES_PER_SECOND = 40;
    private static final int OUTAGE_SECONDS = 3;
    private static final double RECOVERED = 0.98;
    private static final String SCOPE = "read:people";

    @Option(names = "--seconds", description = "duration of each phase")
    private int seconds = 15;

    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final SlowStore slow = new SlowStore(memory, LOOKUP_TIME, CONNECTIONS);
    private final LongAdder answered = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private volatile boolean stopped;

    private CacheRecoveryRun() {}

    /**
     * Runs the command line.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new CacheRecoveryRun());
    }

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1) {
            throw new CommandLine.ParameterException(commandLine(), "at least 1 second is required");
        }
        List<String> tokens = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        boolean recovered = true;
        try (ApiKeys writer = builder(memory).build();
                ApiKeys node = builder(slow).cache(10_000).build()) {
            TenantKeys keys = writer.operatedBy(new Job("recovery")).keysOf(TenantId.of("north"));
            for (int i = 0; i < KEYS; i++) {
                tokens.add(issue(keys).secret().reveal());
            }
            threads.add(start(() -> write(keys), "writer"));
            for (int i = 0; i < THREADS; i++) {
                threads.add(start(() -> verify(node, tokens), "reader"));
            }
            System.out.println(
                    "| phase | second | hit rate | answered | unavailable | keys cached | fills refused | flushes |");
            System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
            recovered &= phase("cold start", node);
            slow.failNextPoll();
            recovered &= phase("flush", node);
            slow.unavailable(true);
            for (int second = 0; second < OUTAGE_SECONDS; second++) {
                second("outage", second, node);
            }
            slow.unavailable(false);
            recovered &= phase("after the outage", node);
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return recovered ? 0 : 1;
    }

    private static KeywrightBuilder builder(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of(SCOPE, "list and get people"))
                .pepper(Pepper.none());
    }

    private static IssuedKey issue(TenantKeys keys) {
        return keys.issue(NewKey.named("Reporting Script").allowing(SCOPE));
    }

    private static Thread start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private boolean phase(String name, ApiKeys node) throws InterruptedException {
        double rate = 0;
        int back = 0;
        for (int second = 0; second < seconds; second++) {
            rate = second(name, second, node);
            back = rate < RECOVERED ? second + 1 : back;
        }
        boolean recovered = rate >= RECOVERED;
        System.out.printf(
                Locale.ROOT,
                "%n%s: %s%n%n",
                name,
                recovered ? "recovered, after " + (back + 1) + " s" : "NOT RECOVERED, hit rate " + rate);
        return recovered;
    }

    /** Waits for a second, and returns its hit rate. */
    private double second(String phase, int second, ApiKeys node) throws InterruptedException {
        CacheStats before = stats(node);
        long answeredBefore = answered.sum();
        long unavailableBefore = unavailable.sum();
        Thread.sleep(1000);
        CacheStats after = stats(node);
        long hits = after.hits() - before.hits();
        long all = answered.sum() - answeredBefore;
        long failed = unavailable.sum() - unavailableBefore;
        double rate = hits / (double) Math.max(1, all + failed);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f %% | %d | %d | %d | %d | %d |%n",
                phase,
                second + 1,
                100 * rate,
                all,
                failed,
                after.keys(),
                after.refusedFills() - before.refusedFills(),
                after.flushes() - before.flushes());
        return rate;
    }

    private static CacheStats stats(ApiKeys node) {
        return node.operatedBy(new Job("recovery")).cacheStats().orElseThrow();
    }

    private void verify(ApiKeys node, List<String> tokens) {
        long pause = TimeUnit.SECONDS.toNanos(THREADS) / REQUESTS_PER_SECOND;
        long next = System.nanoTime() + ThreadLocalRandom.current().nextLong(pause);
        while (!stopped) {
            LockSupport.parkNanos(next - System.nanoTime());
            try {
                node.verify(tokens.get(ThreadLocalRandom.current().nextInt(KEYS)));
                answered.increment();
            } catch (StoreUnavailableException e) {
                unavailable.increment();
            }
            next = Math.max(next + pause, System.nanoTime());
        }
    }

    /** Issues and revokes keys of the tenant whose keys are verified. */
    private void write(TenantKeys keys) {
        Revocation revocation = new Revocation(Instant.EPOCH, Actor.job(new Job("recovery")), "");
        long pause = TimeUnit.SECONDS.toNanos(2) / WRITES_PER_SECOND;
        while (!stopped) {
            KeyId id = issue(keys).key().id();
            LockSupport.parkNanos(pause);
            // Directly in the store: the revocation barrier would make one writer too slow.
            memory.revoke(TenantId.of("north"), id, revocation);
        }
    }
}
