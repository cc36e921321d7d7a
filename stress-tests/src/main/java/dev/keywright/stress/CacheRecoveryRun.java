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
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.KeyStore;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the hit rate of an overloaded cache recovers while keys are written: after a cold start, a flush and an outage. 400
 * threads verify 1,000 keys 4,000 times a second, on a store with ten connections and lookups of 20 ms, which alone could answer 500.
 *
 * <pre>{@code
 * java -Xmx2g -cp 'stress-tests/target/stress-tests.jar:stress-tests/target/stress-tests-lib/*' dev.keywright.stress.CacheRecoveryRun
 * }</pre>
 *
 * <p>Prints one line for each second. Exit codes: 0 for success, 1 if the hit rate stays below 98 % throughout a phase.
 */
public final class CacheRecoveryRun {

    private static final int THREADS = 400;
    private static final int KEYS = 1000;
    private static final int REQUESTS_PER_SECOND = 4000;
    private static final int CONNECTIONS = 10;
    private static final long LOOKUP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int WRITES_PER_SECOND = 40;
    private static final int PHASE_SECONDS = 15;
    private static final int OUTAGE_SECONDS = 3;
    private static final double RECOVERED = 0.98;
    private static final String SCOPE = "read:people";

    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    private final LongAdder answered = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final PrintStream out;
    private volatile boolean unavailableStore;
    private volatile boolean failNextPoll;
    private volatile boolean stopped;

    private CacheRecoveryRun(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs all phases.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new CacheRecoveryRun(System.out).run() ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        List<String> tokens = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        boolean recovered = true;
        try (ApiKeys writer = builder(memory).build();
                ApiKeys node = builder(slow()).cache(10_000).build()) {
            TenantKeys keys = writer.operatedBy(new Job("recovery")).keysOf(TenantId.of("north"));
            for (int i = 0; i < KEYS; i++) {
                tokens.add(issue(keys).secret().reveal());
            }
            threads.add(start(() -> write(keys), "writer"));
            for (int i = 0; i < THREADS; i++) {
                threads.add(start(() -> verify(node, tokens), "reader"));
            }
            out.println(
                    "| phase | second | hit rate | answered | unavailable | keys cached | fills refused | flushes |");
            out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
            recovered &= phase("cold start", node);
            failNextPoll = true;
            recovered &= phase("flush", node);
            unavailableStore = true;
            for (int second = 0; second < OUTAGE_SECONDS; second++) {
                second("outage", second, node);
            }
            unavailableStore = false;
            recovered &= phase("after the outage", node);
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return recovered;
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
        for (int second = 0; second < PHASE_SECONDS; second++) {
            rate = second(name, second, node);
            back = rate < RECOVERED ? second + 1 : back;
        }
        boolean recovered = rate >= RECOVERED;
        out.printf(
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
        out.printf(
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

    private KeyStore slow() {
        InvocationHandler handler = (proxy, method, arguments) -> call(method, arguments);
        return (KeyStore)
                Proxy.newProxyInstance(KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, handler);
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("findByDigest")) {
            awaitSlowLookup();
        } else if (method.getName().equals("openChangeFeed")) {
            requireAvailable();
            return failing((ChangeFeed) invoke(memory, method, arguments));
        }
        return invoke(memory, method, arguments);
    }

    private void awaitSlowLookup() {
        requireAvailable();
        connections.acquireUninterruptibly();
        try {
            LockSupport.parkNanos(LOOKUP_NANOS);
        } finally {
            connections.release();
        }
    }

    private void requireAvailable() {
        if (unavailableStore) {
            throw new StoreUnavailableException("the store is unavailable", null);
        }
    }

    private ChangeFeed failing(ChangeFeed inner) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("poll")) {
                requireAvailable();
                if (failNextPoll) {
                    failNextPoll = false;
                    throw new StoreUnavailableException("the poll failed", null);
                }
            }
            return invoke(inner, method, arguments);
        };
        return (ChangeFeed)
                Proxy.newProxyInstance(ChangeFeed.class.getClassLoader(), new Class<?>[] {ChangeFeed.class}, handler);
    }

    private static Object invoke(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
