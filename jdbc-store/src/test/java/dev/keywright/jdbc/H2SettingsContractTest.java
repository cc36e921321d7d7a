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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a store, in H2 databases with other settings than the defaults. */
@Tag("long")
class H2SettingsContractTest {

    abstract static class With extends KeyStoreContract {

        private final String settings;

        With(String settings) {
            this.settings = settings;
        }

        @Override
        protected KeyStore newStore() {
            return JdbcKeyStore.on(H2.installed(H2.inMemory(settings)));
        }
    }

    @Nested
    class CaseInsensitiveText extends With {
        CaseInsensitiveText() {
            super("IGNORECASE=TRUE");
        }
    }

    @Nested
    class CaseSensitiveNames extends With {
        CaseSensitiveNames() {
            super("DATABASE_TO_UPPER=FALSE");
        }
    }

    @Nested
    class CaseInsensitiveNames extends With {
        CaseInsensitiveNames() {
            super("DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE");
        }
    }

    @Nested
    class LegacyMode extends With {
        LegacyMode() {
            super("MODE=LEGACY");
        }
    }

    @Nested
    class Db2Mode extends With {
        Db2Mode() {
            super("MODE=DB2");
        }
    }

    @Nested
    class HsqldbMode extends With {
        HsqldbMode() {
            super("MODE=HSQLDB;DATABASE_TO_UPPER=FALSE");
        }
    }

    @Nested
    class MariaDbMode extends With {
        MariaDbMode() {
            super("MODE=MariaDB;DATABASE_TO_LOWER=TRUE");
        }
    }

    @Nested
    class MySqlMode extends With {
        MySqlMode() {
            super("MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE");
        }
    }

    @Nested
    class PostgreSqlMode extends With {
        PostgreSqlMode() {
            super("MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE");
        }
    }

    @Nested
    class AccentInsensitiveCollation extends KeyStoreContract {

        @Override
        protected KeyStore newStore() throws Exception {
            DataSource source = H2.inMemory();
            H2.run(source, "SET COLLATION TURKISH STRENGTH PRIMARY");
            return JdbcKeyStore.on(H2.installed(source));
        }
    }

    @Nested
    class FileDatabase extends KeyStoreContract {

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
    class SerializablePool extends KeyStoreContract {

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
