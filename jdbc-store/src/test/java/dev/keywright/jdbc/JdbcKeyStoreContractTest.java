package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.KeyStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract of a store, on each database. */
class JdbcKeyStoreContractTest {

    abstract static class On extends KeyStoreContract {

        private final TestDatabase database;
        private HikariDataSource pool;

        On(TestDatabase database) {
            this.database = database;
        }

        @Override
        protected KeyStore newStore() throws Exception {
            pool = database.pool();
            JdbcSchema.install(pool);
            return JdbcKeyStore.on(pool);
        }

        @AfterEach
        void closePool() {
            pool.close();
        }
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE);
        }
    }

    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDbThroughTheDriverOfMySql extends On {
        OnMariaDbThroughTheDriverOfMySql() {
            super(TestDatabase.MARIADB_MYSQL);
        }
    }
}
