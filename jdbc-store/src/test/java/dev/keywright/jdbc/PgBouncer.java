package dev.keywright.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** PgBouncer in transaction mode, whose clients share two connections to a PostgreSQL server. */
final class PgBouncer implements AutoCloseable {

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns whether PgBouncer is on the path. */
    static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pgbouncer")));
    }

    static PgBouncer before(PostgreSqlServer server, Path folder) throws IOException {
        int port = freePort();
        Path config = folder.resolve("pgbouncer.ini");
        Files.writeString(config, """
            [databases]
            postgres = host=127.0.0.1 port=%d user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            ignore_startup_parameters = extra_float_digits
            """.formatted(server.port(), port));
        List<String> command = new ArrayList<>(List.of("pgbouncer", config.toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root.
            command.addAll(1, List.of("--user", "nobody"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        PgBouncer pooler = new PgBouncer(
                new ProcessBuilder(command).redirectErrorStream(true).start(), port);
        pooler.awaitStart();
        return pooler;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart() throws IOException {
        BufferedReader log = process.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = log.readLine(); line == null || !line.contains("process up"); line = log.readLine()) {
            if (line == null) {
                throw new IOException("PgBouncer did not start: " + lines);
            }
            lines.add(line);
        }
        Thread reader = new Thread(() -> {
            try {
                log.transferTo(Writer.nullWriter());
            } catch (IOException e) {
                // The process has ended.
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns the JDBC URL. PgBouncer supports prepared statements from version 1.21 on. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&prepareThreshold=0";
    }

    @Override
    public void close() {
        process.destroy();
    }
}
