package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of many threads need on each database: a pool, the store on it, and the threads, which end with the test. */
abstract class OnDatabase {

    final TestDatabase database;
    final ExecutorService threads = Executors.newCachedThreadPool();
    HikariDataSource pool;
    JdbcKeyStore store;

    OnDatabase(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void install() throws Exception {
        pool = database.pool();
        pool.setMaximumPoolSize(Math.max(pool.getMaximumPoolSize(), connections()));
        JdbcSchema.install(pool);
        store = JdbcKeyStore.on(pool);
    }

    /** How many are needed at once, where that is more than usual. */
    int connections() {
        return 0;
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        pool.close();
    }
}
