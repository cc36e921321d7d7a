package dev.keywright.benchmarks.coherence;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of the nodes. Used by one thread. */
final class Fleet implements Closeable {

    private static final int SECONDS_TO_START = 120;
    private static final int SECONDS_TO_END = 60;

    private final Path folder;
    private final Board board;
    private final List<Link> links;
    private final Options options;
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private int started;

    Fleet(Path folder, Board board, List<Link> links, Options options) throws IOException {
        this.folder = folder;
        this.board = board;
        this.links = links;
        this.options = options;
        for (int node = 0; node < links.size(); node++) {
            processes.add(start(node));
            numbers.add(started);
        }
    }

    private Process start(int node) throws IOException {
        started++;
        if (started == Board.MOST_PROCESSES) {
            throw new IllegalStateException("no more than " + started + " processes have room on the board");
        }
        NodeProcess.Orders orders = new NodeProcess.Orders(
                folder,
                node,
                started,
                links.get(node).port(),
                options.custodians(),
                options.planted(),
                options.seed() * 1000 + started);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName()));
        command.addAll(orders.words());
        File log = folder.resolve(started + ".log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    int nodes() {
        return processes.size();
    }

    /** {@return how many processes there were so far; their numbers begin at 1} */
    int started() {
        return started;
    }

    Process process(int node) {
        return processes.get(node);
    }

    /** Whether each node answers from its cache. */
    boolean caches() {
        return numbers.stream().allMatch(process -> board.counters(process).hits() > 0);
    }

    /** Waits until each of them does. */
    void awaitCaches() throws InterruptedException {
        long begun = System.nanoTime();
        while (!caches()) {
            requireAlive();
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_START)) {
                throw new IllegalStateException("not all nodes have begun to cache");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Makes sure that none has ended by itself. */
    void requireAlive() {
        for (int node = 0; node < processes.size(); node++) {
            if (!processes.get(node).isAlive()) {
                throw new IllegalStateException(
                        "node " + node + " has ended by itself: see " + folder.resolve(numbers.get(node) + ".log"));
            }
        }
    }

    /** Kills a node, at whatever it is, and starts another one in its place. */
    void replace(int node) throws IOException, InterruptedException {
        processes.get(node).destroyForcibly().waitFor();
        board.isDead(numbers.get(node));
        processes.set(node, start(node));
        numbers.set(node, started);
    }

    /** Waits until all of them have ended, as the board tells them to. */
    void awaitEnd() throws InterruptedException {
        for (Process process : processes) {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("a node did not end as it should: see the logs in " + folder);
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
