package dev.keywright.benchmarks.life;

import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Many keys, two nodes, and threads that do as they like for a while. */
final class Run {

    static final ScopeCatalog OFFERED = ScopeCatalog.of("read:people", "list and get people")
            .and("write:people", "add and change people")
            .and("read:interviews", "list and get interviews")
            .and("write:interviews", "add and change interviews")
            .and("read:reports", "get reports")
            .and("send:messages", "send messages");

    /** How many tenants have but a few keys; theirs are revoked all at once. */
    static final int SMALL_TENANTS = 20;

    private static final int LARGE_TENANTS = 5;

    private final int threads;
    private final Model model;
    private final KeyRing ring;
    private final List<Node> nodes;
    private final List<Worker> workers;

    /**
     * Sets the stage.
     *
     * @param stores the store, once for each node
     * @param clock the clock of all
     * @param keys how many keys are in use at a time
     * @param threads how many threads there are
     * @param mix what is done how often
     * @param seed what all choices come from; which thread comes to what first is left to chance
     */
    Run(List<KeyStore> stores, Clock clock, int keys, int threads, Function<SplittableRandom, Step> mix, long seed) {
        this.threads = threads;
        this.model = new Model(clock, SMALL_TENANTS + LARGE_TENANTS);
        this.ring = new KeyRing(model, keys);
        this.nodes = IntStream.range(0, Node.HOW_MANY)
                .mapToObj(number -> Node.on(Jostled.of(KeyStore.class, stores.get(number)), number, OFFERED, clock))
                .toList();
        SplittableRandom random = new SplittableRandom(seed);
        this.workers = IntStream.range(0, threads)
                .mapToObj(thread -> new Worker(model, ring, nodes, mix, random.split()))
                .toList();
    }

    /** Issues the keys that there are at first. */
    void issue() throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        inEachThread(worker -> {
            for (int place = next.getAndIncrement(); place < ring.size(); place = next.getAndIncrement()) {
                worker.fill(place);
            }
        });
    }

    /**
     * Lets the threads go on.
     *
     * @param whether asked before each step, by all threads; it also ends where there are faults enough
     */
    void goOnWhile(BooleanSupplier whether) throws InterruptedException {
        inEachThread(worker -> {
            while (!model.faults().areEnough() && whether.getAsBoolean()) {
                worker.step();
            }
        });
    }

    /** Has everything written down, and compares it. */
    void end() {
        nodes.forEach(node -> node.keys().close());
        new Audit(model, nodes).compareAll();
    }

    Model model() {
        return model;
    }

    /** {@return how many of the keys work now} */
    long working() {
        return model.keys().stream().filter(key -> key.mayWork(model.now())).count();
    }

    /** What a worker does in its thread. */
    @FunctionalInterface
    private interface Work {
        void of(Worker worker);
    }

    private void inEachThread(Work work) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            workers.forEach(worker -> all.add(pool.submit(() -> work.of(worker))));
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread has failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
