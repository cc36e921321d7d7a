package dev.keywright.benchmarks.coherence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.StoreUnavailableException;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.spi.KeyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A process with one node: started by the coordinator, and by nobody else. It ends when the board says so, or its parent does. */
final class NodeProcess {

    private static final int CONNECTIONS = 12;
    private static final int KEYS_AT_A_TIME = 40;

    private NodeProcess() {}

    /** What a process is told. */
    record Orders(Path folder, int node, int process, int port, int custodians, Planted planted, long seed) {

        static Orders of(String... words) {
            return new Orders(
                    Path.of(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Planted.valueOf(words[5]),
                    Long.parseLong(words[6]));
        }

        List<String> words() {
            return List.of(
                    folder.toString(), "" + node, "" + process, "" + port, "" + custodians, planted.name(), "" + seed);
        }
    }

    /**
     * Runs.
     *
     * @param arguments the orders
     * @throws Exception if anything is wrong that should not be
     */
    public static void main(String[] arguments) throws Exception {
        Orders orders = Orders.of(Arrays.copyOf(arguments, arguments.length));
        Thread parent = new Thread(NodeProcess::endWithTheParent, "parent");
        parent.setDaemon(true);
        parent.start();
        Board board = new Board(orders.folder.resolve("board"));
        try (HikariDataSource pool = pool(orders.port)) {
            Node node = new Node(board, orders.folder, orders.node, orders.process, orders.planted);
            node.run(store(pool), orders.custodians, KEYS_AT_A_TIME, new SplittableRandom(orders.seed));
        }
        // The pool may still have threads in connections that nobody answers.
        System.exit(0);
    }

    private static void endWithTheParent() {
        try {
            while (System.in.read() >= 0) {
                // It says nothing.
            }
        } catch (IOException e) {
            // Then it is gone, too.
        }
        Runtime.getRuntime().halt(3);
    }

    private static HikariDataSource pool(int port) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port
                + "/postgres?user=postgres&connectTimeout=2&loginTimeout=2&socketTimeout=10");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(2));
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Opens the store, as soon as the database answers. */
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
