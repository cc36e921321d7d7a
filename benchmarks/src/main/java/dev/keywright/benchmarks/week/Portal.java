package dev.keywright.benchmarks.week;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.management.Job;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One process of the portal: its door to the keys, and the threads of those who use and manage them. Used by one thread. */
final class Portal implements Closeable {

    static final int VERIFICATIONS_TO_ONE_CALL = 99;

    /** Without anything to be managed, a script looks at the clock as often. */
    private static final int VERIFICATIONS_TO_ONE_LOOK = 100;

    private static final int CONNECTIONS = 10;
    private static final Duration PATIENCE_OF_THE_POOL = Duration.ofSeconds(5);
    private static final long SECONDS_TO_BEGIN = 60;
    private static final Duration HEAD_START = Duration.ofMillis(20);

    private final Orders orders;
    private final WeekClock clock;
    private final Ledger ledger;
    private final Districts districts;
    private final HikariDataSource pool;
    private final ApiKeys keys;
    private final SplittableRandom random;
    private final Queue<Integer> vacant = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService housekeeper = Executors.newSingleThreadScheduledExecutor();

    /**
     * What a process is told.
     *
     * @param ledger where the ledger is
     * @param url how the database is reached
     * @param number which of the processes it is
     * @param of of how many
     * @param cached with a cache, or without
     * @param begun when the week begins, by the monotonic clock
     * @param start and on which day, in milliseconds
     * @param week in how many seconds it passes
     * @param options all the rest
     */
    record Orders(
            Path ledger,
            String url,
            int number,
            int of,
            boolean cached,
            long begun,
            long start,
            double week,
            WeekOptions options) {

        /** {@return how many of so many are one process's, of which there is one at least} */
        int share(int all) {
            return all / of + (number < all % of ? 1 : 0);
        }
    }

    Portal(Orders orders) throws IOException, InterruptedException {
        WeekOptions options = orders.options;
        this.orders = orders;
        this.clock = new WeekClock(orders.begun, Instant.ofEpochMilli(orders.start), orders.week);
        this.ledger = new Ledger(orders.ledger, options.keys());
        this.districts = new Districts(options.districts(), options.keys());
        this.random = new SplittableRandom(orders.number);
        this.pool = pool(orders.url);
        KeywrightBuilder keywright = Keywright.builder()
                .store(JdbcKeyStore.on(pool))
                .scopes(Districts.OFFERED)
                .pepper(Districts.PEPPER)
                .clock(clock)
                .maintenanceScheduler(this::everyMinute);
        this.keys = (orders.cached ? keywright.cache(options.keys() * 2) : keywright).build();
        awaitLease();
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(PATIENCE_OF_THE_POOL.toMillis());
        return new HikariDataSource(config);
    }

    /** What is due each minute by the clock of the week, as it would be if the week passed as slowly as others do. */
    private void everyMinute(Runnable task) {
        long minute = Math.max(1, clock.real(Duration.ofMinutes(1)).toMillis());
        Future<?> unused = housekeeper.scheduleWithFixedDelay(task, minute, minute, TimeUnit.MILLISECONDS);
    }

    private void awaitLease() throws InterruptedException {
        long begun = System.nanoTime();
        while (orders.cached
                && keys.operatedBy(new Job("portal"))
                        .cacheStats()
                        .orElseThrow()
                        .leaseLeft()
                        .isZero()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
                throw new IllegalStateException("the portal does not begin to cache");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** {@return what came of it: each key that there is once} */
    Figures eachOnce() throws InterruptedException, ExecutionException {
        Clerks clerks = clerks();
        List<Script> scripts = scripts();
        Meter before = Meter.read(keys);
        List<Callable<Figures>> tasks = new ArrayList<>();
        for (int i = 0; i < scripts.size(); i++) {
            int first = i;
            tasks.add(() -> scripts.get(first).eachOnce(first, scripts.size(), districts.keys()));
        }
        return run(tasks, clerks, before);
    }

    /** {@return what came of it: all as fast as it goes, with or without keys being managed} */
    Figures atFullSpeed(double seconds, boolean managed) throws InterruptedException, ExecutionException {
        Clerks clerks = clerks();
        List<Script> scripts = scripts();
        Meter before = Meter.read(keys);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Callable<Figures>> tasks = new ArrayList<>();
        for (Script script : scripts) {
            tasks.add(() -> managed
                    ? script.atFullSpeed(end, VERIFICATIONS_TO_ONE_CALL, clerks)
                    : script.atFullSpeed(end, VERIFICATIONS_TO_ONE_LOOK, null));
        }
        return run(tasks, clerks, before);
    }

    /** {@return what came of it: each thing when it was due} */
    Figures whenDue(double seconds) throws InterruptedException, ExecutionException {
        Clerks clerks = clerks();
        List<Script> scripts = scripts();
        Meter before = Meter.read(keys);
        long begin = System.nanoTime() + HEAD_START.toNanos();
        long end = begin + (long) (seconds * 1e9);
        double mean = 1e9 * orders.of / orders.options.rate();
        List<Callable<Figures>> tasks = new ArrayList<>();
        for (Script script : scripts) {
            tasks.add(() -> script.whenDue(begin, end, mean * scripts.size()));
        }
        SplittableRandom chance = random.split();
        tasks.add(() -> manageWhenDue(clerks, begin, end, mean * VERIFICATIONS_TO_ONE_CALL, chance));
        return run(tasks, clerks, before);
    }

    private static Figures manageWhenDue(Clerks clerks, long begin, long end, double mean, SplittableRandom chance) {
        double due = begin;
        while (true) {
            due -= mean * Math.log(1 - chance.nextDouble());
            if (due >= end) {
                return new Figures();
            }
            Script.await((long) due);
            clerks.ask((long) due);
        }
    }

    private Figures run(List<Callable<Figures>> tasks, Clerks clerks, Meter before)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        Figures all = new Figures();
        try {
            for (Future<Figures> one : threads.invokeAll(tasks)) {
                all.and(one.get());
            }
        } finally {
            threads.shutdown();
        }
        Figures used = Meter.read(keys).since(before);
        double nanos = used.sum("nanos");
        all.and(used).count("a-second", all.times("verify").count() * 1e9 / nanos);
        // Those who still manage when the last key is verified would else be counted into a time that is over.
        Figures managed = clerks.finish();
        return all.and(managed).count("managed-a-second", managed.sum("managed") * 1e9 / nanos);
    }

    private Clerks clerks() {
        return new Clerks(keys, ledger, districts, vacant, orders.share(orders.options.clerks()), random.split());
    }

    private List<Script> scripts() {
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < orders.share(orders.options.scripts()); i++) {
            scripts.add(new Script(keys, ledger, clock, districts, random.split()));
        }
        return scripts;
    }

    /** Writes down the last uses. */
    @Override
    public void close() {
        housekeeper.shutdown();
        keys.close();
        pool.close();
    }
}
