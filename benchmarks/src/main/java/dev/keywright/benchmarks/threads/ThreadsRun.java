package dev.keywright.benchmarks.threads;

import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Table;
import dev.keywright.management.CacheStats;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import jdk.jfr.consumer.RecordedEvent;

/**
 * Measures verifications of cached keys by many threads, beside those by one: how many there are in a second, and what the threads
 * have become by it.
 *
 * <pre>{@code
 * java -Xmx2g -XX:NativeMemoryTracking=summary -cp benchmarks/target/benchmarks.jar \
 *     dev.keywright.benchmarks.threads.ThreadsRun
 * }</pre>
 *
 * <p>Ends with 0; with 1 where it has not measured what it was to measure; and with 2 where the options are wrong.
 */
public final class ThreadsRun {

    /** Then a thread lets others go first, as it would at the end of a request: of virtual ones, nobody takes the processor away. */
    private static final int AT_ONCE = 50;

    /** With fewer, it would be divided by so little that whatever else is in the heap counts. */
    private static final int FEWEST_TO_SHARE = 10;

    /** Where thousands of threads keep all processors busy, a lease may run out; but then it is not the cache that is measured. */
    private static final double FEWEST_HITS = 0.5;

    /** Those who write wait for it. */
    private static final Duration LEASE = Duration.ofMillis(250);

    private final ThreadsOptions options;
    private final Table table = new Table("verifications of cached keys by");
    private double byOne;

    private ThreadsRun(ThreadsOptions options) {
        this.options = options;
    }

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if the JVM does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, ThreadsOptions::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(ThreadsOptions options, PrintStream out) throws IOException, InterruptedException {
        new ThreadsRun(options).run(out);
    }

    private void run(PrintStream out) throws IOException, InterruptedException {
        out.printf(Locale.ROOT, "`%s`%n", options);
        int processors = Runtime.getRuntime().availableProcessors();
        out.printf(Locale.ROOT, "%d processors, Java %s, load %.1f%n%n", processors, Runtime.version(), load());
        try (Ring ring = new Ring(options.keys(), Duration.ofMillis(options.leaseMillis()))) {
            warmUp(ring);
            for (int round = 0; round < options.rounds(); round++) {
                for (int count : options.threads()) {
                    measure(ring, Kind.PLATFORM, count);
                }
                if (Kind.VIRTUAL.exists()) {
                    measure(ring, Kind.VIRTUAL, options.virtual());
                }
            }
            table.print(out);
        }
        if (Kind.VIRTUAL.exists()) {
            pins().print(out);
        } else {
            out.printf("This JVM has no virtual threads.%n%n");
        }
        out.printf(Locale.ROOT, "load %.1f%n", load());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** All keys are in the cache then, and what is gathered of their uses is there, too. */
    private void warmUp(Ring ring) {
        LongAdder all = new LongAdder();
        try (Crew crew = new Crew(Kind.PLATFORM, 2, number -> all.add(verify(ring, number, end())))) {
            crew.work();
        }
        for (int key = 0; key < ring.size(); key++) {
            ring.verify(key);
        }
    }

    private long end() {
        return System.nanoTime() + (long) (options.seconds() * 1e9);
    }

    /** {@return how many keys were verified until a moment; at least some of them by each thread} */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing here relies on who comes next.
    private static long verify(Ring ring, int seed, long end) {
        SplittableRandom random = new SplittableRandom(seed);
        long count = 0;
        do {
            int verified = 0;
            while (verified < AT_ONCE && ring.verify(random.nextInt(ring.size()))) {
                verified++;
            }
            count += verified;
            Thread.yield();
        } while (System.nanoTime() < end);
        return count;
    }

    private void measure(Ring ring, Kind kind, int count) {
        String howMany = String.format(Locale.ROOT, "%,d", count);
        String column = howMany + (kind == Kind.VIRTUAL ? " virtual threads" : count == 1 ? " thread" : " threads");
        CacheStats before = ring.state();
        long unanswered = ring.unanswered();
        LongAdder all = new LongAdder();
        Memory without = Memory.now();
        try (Crew crew = new Crew(kind, count, number -> all.add(verify(ring, number, end())))) {
            Memory waiting = Memory.now();
            long begun = System.nanoTime();
            crew.work();
            double perSecond = all.sum() * 1e9 / (System.nanoTime() - begun);
            CacheStats state = ring.state();
            double hits = (double) (state.hits() - before.hits()) / all.sum();
            require(hits > FEWEST_HITS, "the cache answered " + hits + " of all verifications by " + column);
            Memory after = Memory.now();
            byOne = count == 1 ? perSecond : byOne;
            table.number(column, "a second", perSecond);
            table.number(column, "as many as by one, %", byOne == 0 ? Double.NaN : 100 * perSecond / byOne);
            table.number(column, "answered by the cache, %", 100 * hits);
            table.number(column, "not answered", (double) (ring.unanswered() - unanswered));
            table.number(column, "leases that ran out", (double) (state.lapses() - before.lapses()));
            boolean shared = count >= FEWEST_TO_SHARE;
            show(column, "a thread that waits: ", shared ? count : Double.NaN, without, waiting);
            show(column, "the same thread afterwards, more: ", shared ? count : Double.NaN, waiting, after);
        }
    }

    private void show(String column, String row, double count, Memory before, Memory after) {
        table.number(column, row + "bytes of the heap", (after.heap() - before.heap()) / count);
        table.number(column, row + "bytes beside it", (after.outside() - before.outside()) / count);
    }

    /** How often virtual threads were pinned, in whatever verification may come to. */
    private Table pins() throws IOException, InterruptedException {
        Pins.requireSeen();
        Table pins = new Table(String.format(Locale.ROOT, "%,d virtual threads", options.virtual()));
        int count = options.virtual();
        try (Ring ring = new Ring(count, LEASE)) {
            ring.slow("findByDigest");
            show(pins, "each looks a key up that takes its time", Pins.during(() -> all(count, ring::verify)));
            require(ring.slowCalls() + ring.unanswered() >= count, "not all of them were to be looked up");
            require(ring.unanswered() < count / 2, "most of them were not looked up");
            ring.slow("recordUses");
            show(pins, "all keys are cached", Pins.during(() -> all(count, number -> verify(ring, number, end()))));
            long flushes = ring.state().flushes();
            long written = ring.slowCalls();
            show(pins, "caches are flushed, and uses written down", Pins.during(() -> whileFlushed(ring, count)));
            require(ring.state().flushes() > flushes, "nothing was flushed");
            require(ring.slowCalls() > written, "nothing was written down");
        }
        return pins;
    }

    private static void all(int count, IntConsumer work) {
        try (Crew crew = new Crew(Kind.VIRTUAL, count, work)) {
            crew.work();
        }
    }

    private void whileFlushed(Ring ring, int count) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> others = List.of(
                new Thread(() -> repeat(ring::flush, stopped), "flusher"),
                new Thread(() -> repeat(ring::writeUses, stopped), "housekeeper"));
        others.forEach(Thread::start);
        try {
            all(count, number -> verify(ring, number, end()));
        } finally {
            stopped.set(true);
        }
        for (Thread other : others) {
            other.join();
        }
    }

    private static void repeat(Runnable task, AtomicBoolean stopped) {
        do {
            task.run();
        } while (!stopped.get());
    }

    private static void show(Table pins, String column, List<RecordedEvent> events) {
        pins.number(column, "times that one was pinned", events.size());
        events.stream().limit(3).forEach(event -> System.err.println(event));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise + ": that measures nothing");
        }
    }
}
