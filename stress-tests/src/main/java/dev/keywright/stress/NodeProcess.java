package dev.keywright.stress;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.kit.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The main class of a node's own process. It exits when the run stops, or when its parent exits. */
final class NodeProcess {

    private NodeProcess() {}

    /**
     * Runs a node.
     *
     * @param arguments the words of {@link Node.Params}
     */
    public static void main(String[] arguments) throws Exception {
        Node.Params params = Node.Params.parse(arguments);
        Thread parent = new Thread(NodeProcess::exitWithParent, "parent");
        parent.setDaemon(true);
        parent.start();
        SharedKeys sharedKeys = new SharedKeys(params.directory().resolve("keys"));
        try (HikariDataSource pool = pool(PostgresServer.url(params.port()), Duration.ofSeconds(2))) {
            new Node(params, sharedKeys).run(store(pool));
        }
        // Pool threads may hang in connections that are stalled.
        System.exit(0);
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing; its exit closes the stream.
            }
        } catch (IOException e) {
            // Handled as the end of the stream.
        }
        Runtime.getRuntime().halt(3);
    }

    static HikariDataSource pool(String url, Duration connectionTimeout) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(12);
        config.setConnectionTimeout(connectionTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Opens the store as soon as the database answers. */
    private static KeyStore store(HikariDataSource pool) throws InterruptedException {
        while (true) {
            try {
                return JdbcKeyStore.on(pool);
            } catch (StoreUnavailableException e) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}
