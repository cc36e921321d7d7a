package dev.keywright.benchmarks.scale;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A database of our own, which is gone in the end.
 *
 * @param product which it is
 * @param pool connections to it
 * @param server what is to be stopped
 */
record Place(String product, HikariDataSource pool, Closeable server) implements AutoCloseable {

    private static final int CONNECTIONS = 4;

    /** {@return the database with this name, with nothing in it} */
    static Place named(String database) throws IOException, SQLException {
        return database.equals("h2")
                ? on("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", () -> {})
                : postgreSql();
    }

    /**
     * As an operator would have set it who has some gigabytes for it, and with every commit on the disk before it is answered.
     * That nothing is kept for a standby only makes it faster to fill.
     */
    private static Place postgreSql() throws IOException, SQLException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "2GB")
                .setServerConfig("maintenance_work_mem", "1GB")
                .setServerConfig("max_wal_size", "16GB")
                .setServerConfig("wal_level", "minimal")
                .setServerConfig("max_wal_senders", "0")
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        return on(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres&socketFactory="
                        + CountedSockets.class.getName(),
                server);
    }

    private static Place on(String url, Closeable server) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        HikariDataSource pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion();
            return new Place(product, pool, server);
        }
    }

    boolean isPostgreSql() {
        return product.startsWith("PostgreSQL");
    }

    void run(List<String> statements) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    List<String> ask(String query) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }

    @Override
    public void close() throws IOException {
        pool.close();
        server.close();
    }
}
