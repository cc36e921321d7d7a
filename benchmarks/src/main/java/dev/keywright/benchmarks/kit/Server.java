package dev.keywright.benchmarks.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of our own, which can be started again on the same files and the same port. */
public final class Server implements Closeable {

    private final Path data;
    private final boolean onTheDisk;
    private EmbeddedPostgres running;

    private Server(Path data, boolean onTheDisk) throws IOException {
        this.data = data;
        this.onTheDisk = onTheDisk;
        this.running = builder().start();
    }

    /** It keeps the commits that it has acknowledged, whatever becomes of its processes; but not of the machine. */
    public static Server start(Path data) throws IOException {
        return new Server(data, false);
    }

    /** What it has acknowledged is on the disk, as it is where people run one, and takes as long. */
    public static Server startOnTheDisk(Path data) throws IOException {
        return new Server(data, true);
    }

    /** As it comes, it is set to what is quick for tests: the second of these is then off, on its command line. */
    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", onTheDisk ? "on" : "off");
    }

    public int port() {
        return running.getPort();
    }

    public PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName("postgres");
        source.setUser("postgres");
        return source;
    }

    /** Stops it, which ends all transactions that are under way, and starts it again. */
    public void restart() throws IOException {
        int port = port();
        running.close();
        running = builder().setPort(port).start();
    }

    /** {@return how much of the processors each of its processes has used that is there now} */
    public Map<Long, Duration> cpu() throws IOException {
        return ProcessHandle.of(postmaster()).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .collect(Collectors.toMap(
                        ProcessHandle::pid,
                        process -> process.info().totalCpuDuration().orElse(Duration.ZERO)));
    }

    private long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    /** Has it quit at once, as if it had crashed, so that it must recover from its log. */
    public void crash() throws IOException, InterruptedException {
        long postmaster = postmaster();
        Optional<ProcessHandle> process = ProcessHandle.of(postmaster);
        Signal.QUIT.send(postmaster);
        process.ifPresent(running -> running.onExit().join());
        restart();
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
