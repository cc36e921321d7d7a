package dev.keywright.benchmarks;

import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.stress.kit.SlowStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what a verification leaves behind in each thread, and (on JDK 21 and later) how often a virtual thread is pinned: while
 * each looks up a key in a slow store, while all keys are cached, and while the cache is flushed and usage is recorded.
 *
 * <pre>{@code
 * java -Xmx2g -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.ThreadsRun
 * }</pre>
 *
 * <p>Throughput by the number of threads is measured by {@code CachedBenchmark} with {@code -t}. Exit codes: 0 for success, 1 if a
 * virtual thread was pinned or the measurement failed, 2 for invalid options.
 */
@Command(name = "ThreadsRun", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ThreadsRun implements Callable<Integer> {

    private static final Duration LOOKUP_TIME = Duration.ofMillis(2);
    private static final long TIMEOUT_SECONDS = 300;

    @Option(names = "--threads", description = "number of platform threads")
    private int threads = 5000;

    @Option(names = "--virtual", description = "number of virtual threads, and of keys")
    private int virtual = 10_000;

    private final AtomicReference<Runnable> maintenance = new AtomicReference<>(() -> {});
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final SlowStore slow = new SlowStore(store, LOOKUP_TIME, Integer.MAX_VALUE);

    private ThreadsRun() {}

    /**
     * Runs the command line.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ThreadsRun());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        KeyTexts texts = IssuedKeys.fill(store, virtual);
        int pinned = 0;
        try (ApiKeys keys = IssuedKeys.unpepperedOn(slow)
                .cache(virtual)
                .maintenanceScheduler(maintenance::set)
                .build()) {
            if (hasVirtualThreads()) {
                requirePinningToBeSeen();
                pinned += pinned("lookups in a slow store", () -> verifyInThreads(keys, texts, virtual, true));
                pinned += pinned("cache hits", () -> verifyInThreads(keys, texts, virtual, true));
                pinned += pinned("flushes and usage recording", () -> verifyWhileFlushing(keys, texts));
                requireLookups();
            }
            printHeap("platform", verifyInThreads(keys, texts, threads, false), threads);
            if (hasVirtualThreads()) {
                printHeap("virtual", verifyInThreads(keys, texts, virtual, true), virtual);
            }
        }
        return pinned == 0 ? 0 : 1;
    }

    private static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    private static void printHeap(String kind, long bytes, int count) {
        System.out.printf(Locale.ROOT, "%,d %s threads: %,d bytes of heap left by each%n", count, kind, bytes / count);
    }

    /**
     * Starts threads that each verify all keys once, and waits for them.
     *
     * @return the heap that the threads used more afterwards than before, in bytes
     */
    private static long verifyInThreads(ApiKeys keys, KeyTexts texts, int count, boolean isVirtual)
            throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(count);
        CountDownLatch exit = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int first = i;
            Thread thread = thread(isVirtual, () -> {
                await(start);
                for (int j = 0; j < 100; j++) {
                    verify(keys, texts.fresh((first + j) % texts.count()));
                }
                done.countDown();
                await(exit);
            });
            thread.start();
            all.add(thread);
        }
        long before = usedHeap();
        start.countDown();
        if (!done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not all threads finished within " + TIMEOUT_SECONDS + " s");
        }
        long after = usedHeap();
        exit.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return after - before;
    }

    private static void verify(ApiKeys keys, String text) {
        try {
            keys.verify(text, IssuedKeys.SCOPE).orElseThrow(rejected -> new IllegalStateException("" + rejected));
        } catch (StoreUnavailableException e) {
            // The lookup limiter refuses some of thousands of concurrent lookups.
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long usedHeap() {
        // The first collection clears references, whose referents the second one frees.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Virtual threads by reflection: the baseline is Java 17. */
    private static Thread thread(boolean isVirtual, Runnable task) {
        if (!isVirtual) {
            return new Thread(task, "verifier");
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(builder, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no virtual threads", e);
        }
    }

    private long verifyWhileFlushing(ApiKeys keys, KeyTexts texts) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread disturber = new Thread(
                () -> {
                    while (!stopped.get()) {
                        slow.failNextPoll();
                        Objects.requireNonNull(maintenance.get()).run();
                    }
                },
                "disturber");
        disturber.start();
        try {
            return verifyInThreads(keys, texts, virtual, true);
        } finally {
            stopped.set(true);
            disturber.join();
        }
    }

    private void requireLookups() {
        if (slow.lookups() < virtual / 2) {
            throw new IllegalStateException(
                    "only " + slow.lookups() + " lookups: most threads measured something else");
        }
    }

    /** A measurement. */
    @FunctionalInterface
    private interface Task {
        long run() throws InterruptedException;
    }

    /** Runs a task, and returns how often a virtual thread was pinned meanwhile, however short. */
    private static int pinned(String what, Task task) throws IOException, InterruptedException {
        Path file = Files.createTempFile("keywright-pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            task.run();
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                    .toList();
            System.out.printf("%s: a virtual thread was pinned %d times%n", what, events.size());
            events.stream().limit(3).forEach(System.out::println);
            return events.size();
        } finally {
            Files.delete(file);
        }
    }

    /** Fails unless a pinned thread is seen: class initialization pins in all Java versions. */
    private static void requirePinningToBeSeen() throws IOException, InterruptedException {
        int seen = pinned("class initialization, which must pin", () -> {
            Thread thread = thread(true, Pinning::touch);
            thread.start();
            thread.join();
            return 0;
        });
        if (seen == 0) {
            throw new IllegalStateException("pinning on purpose was not seen, so that this measures nothing");
        }
    }

    /** A class whose initialization takes a while. */
    private static final class Pinning {

        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
        }

        static void touch() {}
    }
}
