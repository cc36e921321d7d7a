package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.KeywrightException;
import dev.keywright.core.KeyFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.OwnKeyPolicy;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.ScopeCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.jetty.server.Server;

/** Command-line entry point: {@code java -jar portal.jar [--port PORT] [--data DIR]}. */
public final class Portal {

    private static final ScopeCatalog SCOPES = ScopeCatalog.of("read:people", "list and get people")
            .and("write:people", "create and update people")
            .and("read:interviews", "list and get interviews")
            .and("write:interviews", "create and update interviews");

    /** In the demo, keys of this environment can do what the others can. */
    static final String TEST_ENVIRONMENT = "test";

    static final KeyFormat TEST_FORMAT = KeyFormat.prefix("portal_test_").environment(TEST_ENVIRONMENT);

    static final List<String> OWN_SCOPES = List.of("read:people", "read:interviews");

    /** The limits of the keys of a teacher. */
    static final OwnKeyPolicy OWN_KEYS = OwnKeyPolicy.upTo(OWN_SCOPES.toArray(String[]::new))
            .maxLifetime(Duration.ofDays(90))
            .permittedFor(session -> session.permissions().contains(DemoPerson.OWN_API_KEYS));

    private static final int MAX_CACHED_KEYS = 10_000;

    private Portal() {}

    /**
     * Starts the portal. If it cannot start, prints the reason in one line and exits with code 2.
     *
     * @param arguments the command-line options
     */
    public static void main(String[] arguments) {
        try {
            Options options = Options.of(arguments);
            print(options.help() ? Options.USAGE : start(options));
        } catch (StartupException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** {@return the lines to print; the portal runs until the process is terminated} */
    private static String start(Options options) {
        Path directory = DataDirectory.open(options.data());
        HikariDataSource database = Database.open(directory);
        try {
            return serve(open(database, directory), database, options.port());
        } catch (StartupException e) {
            database.close();
            throw e;
        }
    }

    private static String serve(ApiKeys keys, HikariDataSource database, int port) {
        SecureRandom random = new SecureRandom();
        BrowserSessions browsers = new BrowserSessions(random, Clock.systemUTC());
        DemoSessions sessions = new DemoSessions(random, browsers);
        Server server = WebServer.on(port, keys, sessions, browsers);
        try {
            listen(server, port);
        } catch (StartupException e) {
            // Stops the cache, which would otherwise poll a closed database.
            keys.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, keys, database), "shutdown"));
        return "Listening on http://127.0.0.1:" + server.getURI().getPort() + "/\n" + sessions.tokenLines();
    }

    private static ApiKeys open(DataSource database, Path directory) {
        try {
            JdbcSchema.install(database);
            PepperFile file = PepperFile.in(directory);
            ApiKeys keys = Keywright.builder()
                    .store(JdbcKeyStore.on(database))
                    .scopes(SCOPES)
                    .pepper(file.pepper())
                    .formats(KeyFormat.DEFAULT, TEST_FORMAT)
                    .ownKeys(OWN_KEYS)
                    .cache(MAX_CACHED_KEYS)
                    .build();
            try {
                file.save();
            } catch (StartupException e) {
                keys.close();
                throw e;
            }
            return keys;
        } catch (KeywrightException | IllegalStateException e) {
            throw new StartupException("Cannot use the API keys in " + directory + ": " + e.getMessage() + ".", e);
        }
    }

    private static void listen(Server server, int port) {
        try {
            server.start();
        } catch (IOException e) {
            throw new StartupException(
                    "Cannot listen on 127.0.0.1:" + port + ": the port is in use or requires privileges.", e);
        } catch (Exception e) {
            throw new StartupException("Cannot start the web server: " + e, e);
        }
    }

    /** Stops the server first: its last requests need the keys, which write their usage when they are closed. */
    private static void stop(Server server, ApiKeys keys, HikariDataSource database) {
        try (database;
                keys) {
            server.stop();
        } catch (Exception e) {
            System.err.println("The web server did not stop cleanly.");
        }
    }

    /** Prints in one write, so that a process that waits for the first line can read the others too. */
    private static void print(String text) {
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
