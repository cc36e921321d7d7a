package dev.keywright.stress;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of the nodes. Not thread-safe. */
final class NodeProcesses implements Closeable {

    private static final int START_TIMEOUT_SECONDS = 120;
    private static final int STOP_TIMEOUT_SECONDS = 60;

    private final SharedKeys sharedKeys;
    private final List<Node.Params> nodes = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private int started;

    NodeProcesses(SharedKeys sharedKeys) {
        this.sharedKeys = sharedKeys;
    }

    /** Starts a node; the number of its process is set here. */
    void add(Node.Params params) throws IOException {
        nodes.add(params);
        processes.add(start(nodes.size() - 1));
    }

    private Process start(int node) throws IOException {
        started++;
        if (started == SharedKeys.MAX_PROCESSES) {
            throw new IllegalStateException("no more than " + started + " processes are supported");
        }
        Node.Params last = nodes.get(node);
        Node.Params params = new Node.Params(
                last.directory(), node, started, last.port(), last.writers(), last.defect(), last.seed() + started);
        nodes.set(node, params);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName()));
        command.addAll(params.words());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(node))
                .start();
    }

    private File log(int node) {
        Node.Params params = nodes.get(node);
        return params.directory().resolve(params.process() + ".log").toFile();
    }

    int size() {
        return processes.size();
    }

    /** {@return how many processes were started so far; their numbers start at 1} */
    int started() {
        return started;
    }

    Process process(int node) {
        return processes.get(node);
    }

    /** Waits until every node answers from its cache. */
    void awaitCaches() throws InterruptedException {
        long begun = System.nanoTime();
        while (!nodes.stream()
                .allMatch(node -> sharedKeys.counters(node.process()).hits() > 0)) {
            requireAlive();
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(START_TIMEOUT_SECONDS)) {
                throw new IllegalStateException("a node had no cache hit within " + START_TIMEOUT_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Throws if a process has exited by itself. */
    void requireAlive() {
        for (int node = 0; node < processes.size(); node++) {
            if (!processes.get(node).isAlive()) {
                throw failure(node, "exited");
            }
        }
    }

    /** Kills the process of a node, and starts another one. */
    void replace(int node) throws IOException, InterruptedException {
        processes.get(node).destroyForcibly().waitFor();
        sharedKeys.markKilled(nodes.get(node).process());
        processes.set(node, start(node));
    }

    /** Waits until all processes have exited, as the run tells them to. */
    void awaitExit() throws InterruptedException {
        for (int node = 0; node < processes.size(); node++) {
            Process process = processes.get(node);
            if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw failure(node, "did not exit within " + STOP_TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw failure(node, "exited with code " + process.exitValue());
            }
        }
    }

    /** The message contains the log, because the file of a build machine is lost after the build. */
    private IllegalStateException failure(int node, String what) {
        String log;
        try {
            log = Files.readString(log(node).toPath());
        } catch (IOException e) {
            log = "no log: " + e;
        }
        return new IllegalStateException("node " + node + " " + what + "; its log:\n" + log);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
