package dev.keywright.benchmarks.life;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.spi.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * One store, as each of the nodes opens it.
 *
 * @param each the store, once for each node
 * @param pools what is to be closed in the end
 */
record Stores(List<KeyStore> each, List<HikariDataSource> pools) implements AutoCloseable {

    /** As many as make the threads wait for a connection now and then, too. */
    private static final int CONNECTIONS = 6;

    /** {@return the store with this name} */
    static Stores named(String store) {
        return store.equals("h2") ? h2() : memory();
    }

    static Stores memory() {
        KeyStore store = new InMemoryKeyStore();
        return new Stores(
                IntStream.range(0, Node.HOW_MANY).mapToObj(number -> store).toList(), List.of());
    }

    /** {@return H2 in memory, through a pool of its own for each node} */
    static Stores h2() {
        // A machine that has other things to do must not make a fault of a wait for a lock.
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=60000";
        List<HikariDataSource> pools = new ArrayList<>();
        for (int number = 0; number < Node.HOW_MANY; number++) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(CONNECTIONS);
            config.setConnectionTimeout(60_000);
            pools.add(new HikariDataSource(config));
        }
        JdbcSchema.install(pools.get(0));
        return new Stores(pools.stream().map(Stores::jostled).toList(), pools);
    }

    private static KeyStore jostled(DataSource pool) {
        return JdbcKeyStore.on(Jostled.of(DataSource.class, pool));
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
