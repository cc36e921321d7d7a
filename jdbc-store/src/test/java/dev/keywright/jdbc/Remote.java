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

/** A store that is reached through a wire which can break, and the same one reached without it, to see what is true. */
final class Remote implements AutoCloseable {

    /** How many connections its pool has. */
    static final int CONNECTIONS = 3;

    /**
     * Longer than any call may take: two seconds to get a connection, two for the call, one more for its answer; and room, as
     * this machine may be busy.
     */
    static final long BOUND_SECONDS = 12;

    private static final JdbcOptions OPTIONS = JdbcOptions.defaults().timeout(Duration.ofSeconds(2));

    private static final int MOST_OPENINGS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Remote.class);

    private final ExecutorService threads = Executors.newCachedThreadPool(action -> {
        Thread thread = new Thread(action, "caller");
        thread.setDaemon(true);
        return thread;
    });

    private final Wire wire;
    private final HikariDataSource pool;
    private final HikariDataSource direct;
    private final JdbcKeyStore store;
    private final JdbcKeyStore sound;

    private Remote(String url, Wire wire, int patience) {
        this.wire = wire;
        direct = pool(url, 4);
        JdbcSchema.install(direct);
        sound = JdbcKeyStore.on(direct, JdbcOptions.defaults());
        pool = pool(through(url, wire, patience), CONNECTIONS);
        store = opened(pool);
    }

    /** On an empty database. */
    static Remote on(TestDatabase database) throws Exception {
        return at(database.emptyUrl());
    }

    /** On an empty database, with a driver that waits long where nothing answers to it: a minute to connect, half of it to cancel. */
    static Remote withAPatientDriver(TestDatabase database) throws Exception {
        return at(database.emptyUrl(), 60);
    }

    /** On the database that is there. */
    static Remote at(String url) {
        return at(url, 2);
    }

    private static Remote at(String url, int patience) {
        Wire wire = Wire.to(Integer.parseInt(url.replaceAll("^.*127\\.0\\.0\\.1:([0-9]+)/.*$", "$1")));
        return new Remote(url, wire, patience);
    }

    private static String through(String url, Wire wire, int patience) {
        String wired = url.replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:" + wire.port());
        if (wired.startsWith("jdbc:postgresql:")) {
            // With each execution the whole statement is said, so that the wire knows it. A cancellation is waited for
            // by the
            // call that it ends.
            return wired
                    + "&prepareThreshold=0&connectTimeout=%d&cancelSignalTimeout=%d&ApplicationName="
                            .formatted(patience, patience / 2)
                    + BrokenServer.REMOTE;
        }
        // Encrypted words, the wire would not know.
        return wired.replace("user=root", "user=" + BrokenServer.REMOTE) + "&connectTimeout=" + patience * 1000
                + "&sslMode=DISABLED&sessionVariables=idle_transaction_timeout=1";
    }

    private static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2000);
        config.setValidationTimeout(1000);
        // To begin with, there is no hurry.
        config.setInitializationFailTimeout(60_000);
        return new HikariDataSource(config);
    }

    Wire wire() {
        return wire;
    }

    /** The pool behind {@link #store()}. */
    HikariDataSource pool() {
        return pool;
    }

    /** Connections that nothing happens to. */
    DataSource direct() {
        return direct;
    }

    /** The store behind the wire, whose calls may take two seconds. */
    JdbcKeyStore store() {
        return store;
    }

    /** The store without the wire. */
    JdbcKeyStore sound() {
        return sound;
    }

    /** A store behind the wire whose connections a test tampers with. */
    JdbcKeyStore store(DataSource source) {
        return opened(source);
    }

    /** To open it is not what is tried here: on a busy machine, all that it looks at may take longer than a call may. */
    private static JdbcKeyStore opened(DataSource source) {
        for (int attempt = 1; ; attempt++) {
            try {
                return JdbcKeyStore.on(source, OPTIONS);
            } catch (StoreUnavailableException e) {
                if (attempt == MOST_OPENINGS) {
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

    /** What a call gives, which has to come to its end within its bound. */
    <T> T within(Callable<T> call) throws Exception {
        return ended(begun(call));
    }

    <T> Future<T> begun(Callable<T> call) {
        return threads.submit(call);
    }

    static <T> T ended(Future<T> call) throws Exception {
        return ended(call, 1);
    }

    /** What a call gives that is made of so many calls of the store. */
    static <T> T ended(Future<T> call, int calls) throws Exception {
        try {
            return call.get(calls * BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * Nobody has a connection any more, and as many can be had as there were, each of which answers, once those are found out
     * that were lost while they lay in the pool.
     */
    void expectWholePool() throws Exception {
        for (int lost = 0; lost < CONNECTIONS; lost++) {
            try {
                within(this::answerAll);
                return;
            } catch (SQLException e) {
                LOG.info("A connection was lost while it lay in the pool");
            }
        }
        within(this::answerAll);
    }

    private boolean answerAll() throws SQLException {
        List<Connection> all = new ArrayList<>();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(pool.getConnection());
            }
            for (Connection connection : all) {
                expectSound(connection);
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        return true;
    }

    private static void expectSound(Connection connection) throws SQLException {
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
        wire.close();
        pool.close();
        direct.close();
        threads.shutdownNow();
    }
}
