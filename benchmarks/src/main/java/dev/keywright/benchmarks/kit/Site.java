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
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A database of our own with the tables in it, which is reached through a port of this machine.
 *
 * @param port the port
 * @param options what follows the port in its address
 * @param protocol what comes before it
 * @param postgreSql the server, where it is one, so that it can be asked what it uses
 * @param server what is to be stopped in the end
 */
public record Site(int port, String protocol, String options, Optional<Server> postgreSql, Closeable server)
        implements Closeable {

    /** {@return the database with this name, with no keys in it} */
    public static Site named(String database, Path folder) throws IOException, SQLException {
        return database.equals("h2") ? h2() : postgreSql(folder);
    }

    private static Site postgreSql(Path folder) throws IOException {
        Server server = Server.startOnTheDisk(folder);
        JdbcSchema.install(server.source());
        return new Site(
                server.port(),
                "jdbc:postgresql://127.0.0.1:",
                "/postgres?user=postgres&connectTimeout=2&loginTimeout=2&socketTimeout=10",
                Optional.of(server),
                server);
    }

    /** In memory, but on a port: so that there is something to be slow and cut. */
    private static Site h2() throws SQLException {
        String name = "mem:" + UUID.randomUUID();
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:" + name + ";DB_CLOSE_DELAY=-1");
        JdbcSchema.install(source);
        org.h2.tools.Server server =
                org.h2.tools.Server.createTcpServer("-tcpPort", "0").start();
        return new Site(server.getPort(), "jdbc:h2:tcp://127.0.0.1:", "/" + name, Optional.empty(), () -> {
            server.stop();
            try (Connection connection = source.getConnection()) {
                connection.createStatement().execute("SHUTDOWN");
            } catch (SQLException e) {
                // It is shut down.
            }
        });
    }

    /** {@return how it is reached through a port that leads to its own} */
    public String url(int link) {
        return protocol + link + options;
    }

    /** {@return how much of the processors each of its processes has used; nothing where it is a part of this one} */
    public Map<Long, Duration> cpu() throws IOException {
        return postgreSql.isEmpty() ? Map.of() : postgreSql.get().cpu();
    }

    /** Has done what it would do in the background after many writes. */
    public void settle() throws SQLException {
        if (postgreSql.isPresent()) {
            run("VACUUM ANALYZE");
            run("CHECKPOINT");
        }
    }

    /** Makes the lease longer, before any node begins that is to keep to it. */
    public void lease(Duration longer) throws SQLException {
        run("UPDATE keywright_coherence SET lease_millis = " + longer.toMillis());
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** {@return the number that a query asks for} */
    public long ask(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** {@return which it is, and of which version} */
    public String product() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port))) {
            return connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
