package dev.keywright.benchmarks.kit;

import dev.keywright.jdbc.JdbcSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** A PostgreSQL of our own with the tables in it, which is reached through a port of this machine. */
public final class Site implements Closeable {

    private final Server server;

    private Site(Server server) {
        this.server = server;
    }

    /** {@return a database whose files are in a folder, with no keys in it} */
    public static Site in(Path folder) throws IOException {
        Server server = Server.startOnTheDisk(folder);
        JdbcSchema.install(server.source());
        return new Site(server);
    }

    public int port() {
        return server.port();
    }

    /** {@return how it is reached through a port that leads to its own} */
    public String url(int link) {
        return "jdbc:postgresql://127.0.0.1:" + link
                + "/postgres?user=postgres&connectTimeout=2&loginTimeout=2&socketTimeout=10";
    }

    /** {@return how much of the processors each of its processes has used} */
    public Map<Long, Duration> cpu() throws IOException {
        return server.cpu();
    }

    /** Has done what it would do in the background after many writes. */
    public void settle() throws SQLException {
        run("VACUUM ANALYZE");
        run("CHECKPOINT");
    }

    /** Makes the lease longer, before any node begins that is to keep to it. */
    public void lease(Duration longer) throws SQLException {
        run("UPDATE keywright_coherence SET lease_millis = " + longer.toMillis());
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port()));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** {@return the number that a query asks for} */
    public long ask(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port()));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** {@return which it is, and of which version} */
    public String product() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port()))) {
            return connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
