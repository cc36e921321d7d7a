package dev.keywright.benchmarks.footprint;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A door to the keys in a database, which remembers so many of them, or none. */
final class Door implements Closeable {

    private static final Job JOB = new Job("measurer");
    private static final int THREADS = 4;
    private static final long SECONDS_TO_BEGIN = 60;
    private static final int ATTEMPTS = 20;

    private final HikariDataSource pool;
    private final ApiKeys keys;
    private final AtomicReference<Runnable> housekeeping = new AtomicReference<>(() -> {});

    Door(String url, int mostCached) throws InterruptedException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        // One more for the heartbeat.
        config.setMaximumPoolSize(THREADS + 1);
        pool = new HikariDataSource(config);
        KeywrightBuilder keywright = Keywright.builder()
                .store(JdbcKeyStore.on(pool))
                .scopes(Districts.OFFERED)
                .pepper(Districts.PEPPER)
                .maintenanceScheduler(housekeeping::set);
        keys = (mostCached == 0 ? keywright : keywright.cache(mostCached)).build();
        long begun = System.nanoTime();
        while (mostCached > 0 && state().leaseLeft().isZero()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
                throw new IllegalStateException("the cache does not begin to answer");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    ApiKeys keys() {
        return keys;
    }

    CacheStats state() {
        return keys.operatedBy(JOB).cacheStats().orElseThrow();
    }

    /** Verifies each key, again and again, until so many are remembered: on a slow machine a lease may run out. */
    void remember(Texts texts, int howMany) throws InterruptedException, ExecutionException {
        for (int i = 0; i < ATTEMPTS && state().keys() < howMany; i++) {
            verifyEach(texts, howMany);
        }
        if (state().keys() < howMany) {
            throw new IllegalStateException("of " + howMany + " keys, " + state().keys() + " are remembered");
        }
    }

    void verifyEach(Texts texts, int howMany) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                tasks.add(() -> {
                    for (int number = first; number < howMany; number += THREADS) {
                        verify(texts.get(number));
                    }
                    return true;
                });
            }
            for (Future<Boolean> each : threads.invokeAll(tasks)) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    void verify(String text) {
        try {
            if (!(keys.verify(text) instanceof Verified)) {
                throw new IllegalStateException("a good key was rejected");
            }
        } catch (StoreUnavailableException e) {
            // It is looked up again in the next attempt.
        }
    }

    /** Writes down the uses, so that nothing is left of them. */
    void writeUses() {
        Objects.requireNonNull(housekeeping.get()).run();
    }

    @Override
    public void close() {
        keys.close();
        pool.close();
    }
}
