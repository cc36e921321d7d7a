package dev.keywright.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.KeyStoreContract;
import java.nio.file.Path;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class JdbcKeyStoreContractTest {

    @Nested
    class InMemory extends KeyStoreContract {

        @Override
        protected KeyStore newStore() {
            return JdbcKeyStore.on(H2.installed(H2.inMemory()));
        }
    }

    @Nested
    class InADatabaseThatIgnoresCase extends KeyStoreContract {

        @Override
        protected KeyStore newStore() {
            return JdbcKeyStore.on(H2.installed(H2.inMemory("IGNORECASE=TRUE")));
        }
    }

    @Nested
    class InADatabaseWithACollationThatIgnoresAccents extends KeyStoreContract {

        @Override
        protected KeyStore newStore() throws Exception {
            DataSource source = H2.inMemory();
            H2.run(source, "SET COLLATION TURKISH STRENGTH PRIMARY");
            return JdbcKeyStore.on(H2.installed(source));
        }
    }

    @Nested
    class InADatabaseThatSpeaksLikeMySql extends KeyStoreContract {

        @Override
        protected KeyStore newStore() {
            return JdbcKeyStore.on(
                    H2.installed(H2.inMemory("MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE")));
        }
    }

    @Nested
    class InAFile extends KeyStoreContract {

        @TempDir
        Path folder;

        private DataSource source;

        @Override
        protected KeyStore newStore() {
            source = H2.installed(H2.at("jdbc:h2:file:" + folder.resolve("keys") + ";DB_CLOSE_DELAY=-1"));
            return JdbcKeyStore.on(source);
        }

        @AfterEach
        void closeDatabase() throws Exception {
            H2.run(source, "SHUTDOWN");
        }
    }

    @Nested
    class BehindAPool extends KeyStoreContract {

        private HikariDataSource pool;

        @Override
        protected KeyStore newStore() {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
            config.setMaximumPoolSize(4);
            config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
            pool = new HikariDataSource(config);
            return JdbcKeyStore.on(H2.installed(pool));
        }

        @AfterEach
        void closePool() {
            pool.close();
        }
    }
}
