package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.KeywrightException;
import dev.keywright.core.Keywright;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.ScopeCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import javax.sql.DataSource;
import org.eclipse.jetty.server.Server;

/** A portal that runs: {@code java -jar portal.jar [--port N] [--data FOLDER]}. */
public final class Portal {

    private static final ScopeCatalog SCOPES = ScopeCatalog.of("read:people", "list and get people")
            .and("write:people", "create and update people")
            .and("read:interviews", "list and get interviews")
            .and("write:interviews", "create and update interviews");

    private Portal() {}

    /**
     * Starts the portal, or says in one sentence why it cannot start and exits with code 2.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) {
        try {
            Options options = Options.of(arguments);
            say(options.help() ? Options.USAGE : start(options));
        } catch (CannotStart e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** {@return what to tell whoever started the portal, which now runs until the process is told to end} */
    private static String start(Options options) {
        Path folder = DataFolder.open(options.data());
        HikariDataSource database = Database.open(folder);
        try {
            SecureRandom random = new SecureRandom();
            BrowserSessions browsers = new BrowserSessions(random, Clock.systemUTC());
            DemoSessions sessions = new DemoSessions(random, browsers);
            ApiKeys keys = open(database, folder);
            Server server = WebServer.on(options.port(), keys, sessions, browsers);
            listen(server, options.port());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, keys, database), "shutdown"));
            return "listening on http://127.0.0.1:" + server.getURI().getPort() + "/\n" + sessions.announcement();
        } catch (CannotStart e) {
            database.close();
            throw e;
        }
    }

    private static ApiKeys open(DataSource database, Path folder) {
        try {
            JdbcSchema.install(database);
            PepperFile file = PepperFile.in(folder);
            ApiKeys keys = Keywright.builder()
                    .store(JdbcKeyStore.on(database))
                    .scopes(SCOPES)
                    .pepper(file.pepper())
                    .build();
            file.keep();
            return keys;
        } catch (KeywrightException | IllegalStateException e) {
            throw new CannotStart("The keys in " + folder + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static void listen(Server server, int port) {
        try {
            server.start();
        } catch (IOException e) {
            throw new CannotStart(
                    "Port " + port + " of 127.0.0.1 is in use, or takes rights that this process has not.", e);
        } catch (Exception e) {
            throw new CannotStart("The web server cannot start: " + e, e);
        }
    }

    /** The server first: its last requests still need the keys, which then write down how they were used. */
    private static void stop(Server server, ApiKeys keys, HikariDataSource database) {
        try (database;
                keys) {
            server.stop();
        } catch (Exception e) {
            System.err.println("The web server did not stop cleanly.");
        }
    }

    /** In one piece, so that whoever waits for the first line has the others, too. */
    private static void say(String text) {
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
