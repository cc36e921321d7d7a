package dev.keywright.benchmarks.coherence;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of our own, which can be started again on the same files and the same port. */
final class Server implements Closeable {

    private final Path data;
    private EmbeddedPostgres running;

    private Server(Path data, EmbeddedPostgres running) {
        this.data = data;
        this.running = running;
    }

    static Server start(Path data) throws IOException {
        return new Server(data, builder(data).start());
    }

    /** It keeps the commits that it has acknowledged, which is not what it is set to for tests. */
    private static EmbeddedPostgres.Builder builder(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on");
    }

    int port() {
        return running.getPort();
    }

    PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName("postgres");
        source.setUser("postgres");
        return source;
    }

    /** Stops it, which ends all transactions that are under way, and starts it again. */
    void restart() throws IOException {
        int port = port();
        running.close();
        running = builder(data).setPort(port).start();
    }

    /** Has it quit at once, as if it had crashed, so that it must recover from its log. */
    void crash() throws IOException, InterruptedException {
        long postmaster = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
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
