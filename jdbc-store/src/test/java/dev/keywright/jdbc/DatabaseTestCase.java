package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Base of concurrency tests on a database: a pool, a store, and threads, which are shut down after each test. */
abstract class DatabaseTestCase {

    final TestDatabase database;
    final ExecutorService threads = Executors.newCachedThreadPool();
    HikariDataSource pool;
    JdbcKeyStore store;

    DatabaseTestCase(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void install() throws Exception {
        pool = database.pool();
        JdbcSchema.install(pool);
        store = JdbcKeyStore.on(pool);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        pool.close();
    }
}
