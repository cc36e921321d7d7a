package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.KeyStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What every store promises, on each of the other databases. */
class ServersContractTest {

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
