package dev.keywright.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A PostgreSQL of our own, on this machine. */
final class PostgreSqlServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    private PostgreSqlServer(EmbeddedPostgres server) {
        this.server = server;
    }

    private static final class Shared {
        static final PostgreSqlServer SERVER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    /** One that all tests share, which is never stopped or set otherwise. */
    static PostgreSqlServer shared() {
        return Shared.SERVER;
    }

    static PostgreSqlServer start() {
        try {
            return new PostgreSqlServer(EmbeddedPostgres.builder().start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JDBC URL, which further parameters can be added to, each with an ampersand before it. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres";
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
