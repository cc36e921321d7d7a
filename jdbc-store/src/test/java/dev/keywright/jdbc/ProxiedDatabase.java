package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.UserId;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store on a database behind a {@link TcpProxy}, and a direct store on the same database, to observe the actual state. */
final class ProxiedDatabase implements AutoCloseable {

    /** Size of the pool behind the proxy. */
    static final int CONNECTIONS = 3;

    /** Upper bound of a call: two seconds for a connection, two for the call, one for its response, and a margin for a busy machine. */
    static final long BOUND_SECONDS = 12;

    private static final JdbcOptions OPTIONS = JdbcOptions.defaults().timeout(Duration.ofSeconds(2));

    private static final int MAX_OPENINGS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ProxiedDatabase.class);

    private final ExecutorService threads = Executors.newCachedThreadPool(action -> {
        Thread thread = new Thread(action, "caller");
        thread.setDaemon(true);
        return thread;
    });

    private final TcpProxy proxy;
    private final HikariDataSource pool;
    private final HikariDataSource direct;
    private final JdbcKeyStore store;
    private final JdbcKeyStore directStore;

    private ProxiedDatabase(String url, TcpProxy proxy, int driverTimeoutSeconds) {
        this.proxy = proxy;
        direct = pool(url, 4);
        JdbcSchema.install(direct);
        directStore = JdbcKeyStore.on(direct, JdbcOptions.defaults());
        pool = pool(through(url, proxy, driverTimeoutSeconds), CONNECTIONS);
        store = opened(pool);
    }

    /** Creates a store on an empty database. */
    static ProxiedDatabase on(TestDatabase database) throws Exception {
        return at(database.emptyUrl());
    }

    /** Creates a store on an empty database whose driver waits for 60 seconds to connect, and for 30 to cancel. */
    static ProxiedDatabase withLongDriverTimeouts(TestDatabase database) throws Exception {
        return at(database.emptyUrl(), 60);
    }

    /** Creates a store on an existing database. */
    static ProxiedDatabase at(String url) {
        return at(url, 2);
    }

    private static ProxiedDatabase at(String url, int driverTimeoutSeconds) {
        TcpProxy proxy = TcpProxy.to(Integer.parseInt(url.replaceAll("^.*127\\.0\\.0\\.1:([0-9]+)/.*$", "$1")));
        return new ProxiedDatabase(url, proxy, driverTimeoutSeconds);
    }

    private static String through(String url, TcpProxy proxy, int driverTimeoutSeconds) {
        String proxied = url.replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:" + proxy.port());
        if (proxied.startsWith("jdbc:postgresql:")) {
            // Without prepared statements, so that each request contains its statement.
            return proxied
                    + "&prepareThreshold=0&connectTimeout=%d&cancelSignalTimeout=%d&ApplicationName="
                            .formatted(driverTimeoutSeconds, driverTimeoutSeconds / 2)
                    + FaultSql.REMOTE;
        }
        // Without TLS, so that the proxy can match requests.
        return proxied.replace("user=root", "user=" + FaultSql.REMOTE) + "&connectTimeout="
                + driverTimeoutSeconds * 1000 + "&sslMode=DISABLED&sessionVariables=idle_transaction_timeout=1";
    }

    private static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2000);
        config.setValidationTimeout(1000);
        // Opening is not under test.
        config.setInitializationFailTimeout(60_000);
        return new HikariDataSource(config);
    }

    TcpProxy proxy() {
        return proxy;
    }

    /** Returns the pool of {@link #store()}. */
    HikariDataSource pool() {
        return pool;
    }

    /** Returns connections without the proxy. */
    DataSource directSource() {
        return direct;
    }

    /** Returns the store behind the proxy, with a time-out of two seconds. */
    JdbcKeyStore store() {
        return store;
    }

    /** Returns the store without the proxy. */
    JdbcKeyStore directStore() {
        return directStore;
    }

    /** Opens a store on intercepted connections of the proxy. */
    JdbcKeyStore store(DataSource source) {
        return opened(source);
    }

    /** Opens a store, with retries: on a busy machine, the opening checks may exceed the time-out. */
    private static JdbcKeyStore opened(DataSource source) {
        for (int write = 1; ; write++) {
            try {
                return JdbcKeyStore.on(source, OPTIONS);
            } catch (StoreUnavailableException e) {
                if (write == MAX_OPENINGS) {
                    throw e;
                }
            }
        }
    }

    static ApiKeys keys(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of("read:people", "see people"))
                .pepper(Pepper.of(new byte[32]))
                .retiredPepper(new PepperId("pepper1"))
                .maintenanceScheduler(never -> {})
                .build();
    }

    static TenantKeys north(ApiKeys keys) {
        return keys.managedBy(
                ManagementSession.of(Samples.NORTH, UserId.of("ada")).withRoles("Admin"));
    }

    /** Runs a call, which must return within the bound. */
    <T> T within(Callable<T> call) throws Exception {
        return result(submit(call));
    }

    <T> Future<T> submit(Callable<T> call) {
        return threads.submit(call);
    }

    static <T> T result(Future<T> call) throws Exception {
        return result(call, 1);
    }

    /** Returns the result of a call that makes a number of store calls. */
    static <T> T result(Future<T> call, int calls) throws Exception {
        try {
            return call.get(calls * BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Asserts that no connection is leaked, and that every connection of the pool works, after it has replaced broken idle ones. */
    void assertPoolIntact() throws Exception {
        for (int broken = 0; broken < CONNECTIONS; broken++) {
            try {
                within(this::useAll);
                return;
            } catch (SQLException e) {
                LOG.info("An idle connection of the pool was broken");
            }
        }
        within(this::useAll);
    }

    private boolean useAll() throws SQLException {
        List<Connection> all = new ArrayList<>();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(pool.getConnection());
            }
            for (Connection connection : all) {
                assertRestored(connection);
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        return true;
    }

    private static void assertRestored(Connection connection) throws SQLException {
        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(connection.isReadOnly()).isFalse();
        assertThat(connection.getNetworkTimeout()).isZero();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 1")) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        pool.close();
        direct.close();
        threads.shutdownNow();
    }
}
