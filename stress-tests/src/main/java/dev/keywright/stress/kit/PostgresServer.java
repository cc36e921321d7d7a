package dev.keywright.stress.kit;

import dev.keywright.jdbc.JdbcSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** An embedded PostgreSQL with Keywright's schema, which can be restarted on the same data directory and port. */
public final class PostgresServer implements Closeable {

    private final Path data;
    private final Map<String, String> settings;
    private EmbeddedPostgres running;

    private PostgresServer(Path data, Map<String, String> settings) throws IOException {
        this.data = data;
        this.settings = settings;
        this.running = builder().start();
    }

    /**
     * Starts a server whose acknowledged commits survive a crash of its processes.
     *
     * @param data the data directory
     * @param settings server settings; the embedded server's default is {@code fsync=off}, so measurements set {@code fsync=on}
     */
    public static PostgresServer start(Path data, Map<String, String> settings) throws IOException {
        PostgresServer server = new PostgresServer(data, settings);
        JdbcSchema.install(server.dataSource());
        return server;
    }

    private EmbeddedPostgres.Builder builder() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                .setPGStartupWait(Duration.ofMinutes(1))
                // The embedded server's default is off, for speed.
                .setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        return builder;
    }

    public int port() {
        return running.getPort();
    }

    /** {@return the JDBC URL of this server, by way of a port that leads to it} */
    public static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port
                + "/postgres?user=postgres&connectTimeout=2&loginTimeout=2&socketTimeout=10";
    }

    /** {@return an unpooled data source} */
    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(port()));
        return source;
    }

    /** Stops the server, which aborts all open transactions, and starts it again. */
    public void restart() throws IOException {
        int port = port();
        running.close();
        running = builder().setPort(port).start();
    }

    /** Terminates the server without a shutdown checkpoint, so that the restart replays its log. */
    public void crash() throws IOException, InterruptedException {
        long postmaster = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        Optional<ProcessHandle> process = ProcessHandle.of(postmaster);
        ProcessSignal.QUIT.send(postmaster);
        process.ifPresent(terminating -> terminating.onExit().join());
        restart();
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
