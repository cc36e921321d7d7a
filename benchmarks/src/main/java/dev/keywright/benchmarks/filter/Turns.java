package dev.keywright.benchmarks.filter;

import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.benchmarks.kit.Table;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The clients of one container, and what came of their last turn. Used by one thread. */
final class Turns implements Closeable {

    private static final double PERCENT = 100;

    private final String name;
    private final Container container;
    private final List<byte[]> requests;
    private final List<Client> clients = new ArrayList<>();
    private final ExecutorService threads;
    private final SplittableRandom random = new SplittableRandom(1);
    private Latencies times = new Latencies();
    private Container.Used used = new Container.Used(0, 0);
    private long nanos;
    private long sent;

    Turns(String name, Container container, List<byte[]> requests, int howMany) throws IOException {
        this.name = name;
        this.container = container;
        this.requests = requests;
        this.threads = Executors.newFixedThreadPool(howMany);
        for (int i = 0; i < howMany; i++) {
            clients.add(new Client(container.port()));
        }
    }

    void take(int millis) throws InterruptedException, ExecutionException {
        List<Callable<Latencies>> tasks = new ArrayList<>();
        Container.Used before = container.used();
        long begun = System.nanoTime();
        for (Client client : clients) {
            SplittableRandom chance = random.split();
            tasks.add(() -> client.send(requests, chance, begun + millis * 1_000_000L));
        }
        times = new Latencies();
        for (Future<Latencies> each : threads.invokeAll(tasks)) {
            times = times.and(each.get());
        }
        nanos = System.nanoTime() - begun;
        Container.Used after = container.used();
        used = new Container.Used(after.allocated() - before.allocated(), after.cpu() - before.cpu());
        sent += times.count();
    }

    /** {@return how many requests were sent so far} */
    long requests() {
        return sent;
    }

    /** Adds what came of the last turn, beside what came of the others' last turn. */
    void show(Table table, Turns others) {
        table.number(name, "a second", perSecond());
        table.number(name, "as many as without a filter, %", PERCENT * perSecond() / others.perSecond());
        table.time(name, "p50", times.percentile(50));
        table.time(name, "p99", times.percentile(99));
        table.time(name, "the container's threads on processors", cpu());
        table.time(name, "more of that than without a filter", cpu() - others.cpu());
        table.number(name, "allocated by them, B", allocated());
        table.number(name, "more than without a filter, B", allocated() - others.allocated());
    }

    private double perSecond() {
        return times.count() * 1e9 / nanos;
    }

    private double cpu() {
        return (double) used.cpu() / times.count();
    }

    private double allocated() {
        return (double) used.allocated() / times.count();
    }

    @Override
    public void close() throws IOException {
        threads.shutdown();
        for (Client client : clients) {
            client.close();
        }
    }
}
