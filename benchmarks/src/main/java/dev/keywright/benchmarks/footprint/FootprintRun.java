package dev.keywright.benchmarks.footprint;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.benchmarks.kit.Folder;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import dev.keywright.jdbc.JdbcKeyStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.openjdk.jol.vm.VM;

/**
 * Measures how much memory a cached key takes, as it comes from a database, and in how much heap so many of them can be kept.
 *
 * <pre>{@code
 * java -Xmx8g -Djdk.attach.allowAttachSelf -cp benchmarks/target/benchmarks.jar \
 *     dev.keywright.benchmarks.footprint.FootprintRun
 * }</pre>
 *
 * <p>Ends with 0; with 1 where it has not measured what it was to measure; and with 2 where the options are wrong.
 */
public final class FootprintRun {

    private static final int KEYS_OF_A_DISTRICT = 50;
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration LONG_LEASE = Duration.ofSeconds(20);
    private static final int CLASSES = 20;

    /** So many say how much a key takes. */
    private static final int SOME = 10_000;

    private FootprintRun() {}

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if the database does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, FootprintOptions::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(FootprintOptions options, PrintStream out)
            throws IOException, SQLException, InterruptedException, ExecutionException {
        // Without it JOL is not told by the JDK where the fields of records are.
        System.setProperty("jol.magicFieldOffset", "true");
        out.printf(Locale.ROOT, "`%s`%nJava %s%n%n", options, Runtime.version());
        out.printf("```%n%s```%n%n", VM.current().details());
        try (Folder folder = Folder.named("keywright-footprint");
                Site site = Site.in(folder.path().resolve("database"))) {
            Path path = folder.path().resolve("texts");
            Texts texts = new Texts(path, options.most());
            fill(site, texts, options.most());
            String url = site.url(site.port());
            // One that runs out on a busy machine would leave nothing to be looked at.
            site.lease(LONG_LEASE);
            Table sizes = new Table("keys in the cache");
            for (int count : options.keys()) {
                show(sizes, count, cached(url, texts, count));
            }
            sizes.print(out);
            int some = Math.min(options.crammed(), SOME);
            long bytes = cached(url, texts, some).bytes() * options.crammed() / some;
            Cramped cramped = new Cramped(url, path, options);
            int least = cramped.least(bytes);
            cramped.table().print(out);
            out.printf(
                    Locale.ROOT,
                    "%,d keys stay remembered in a heap of %,d MB, of which they take %,d MB.%n",
                    options.crammed(),
                    least,
                    bytes >> 20);
        }
    }

    private static void fill(Site site, Texts texts, int count) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(site.url(site.port()));
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            new Districts(Math.max(1, count / KEYS_OF_A_DISTRICT), count)
                    .fill(
                            JdbcKeyStore.on(pool),
                            now,
                            YEAR,
                            (number, issued) ->
                                    texts.put(number, issued.secret().reveal()));
        }
    }

    /**
     * {@return what a cache with so many keys is made of} It is the difference that they make to a door with a cache, less that which
     * they make to one without: what was gathered of uses leaves room behind.
     */
    private static Graph cached(String url, Texts texts, int count) throws InterruptedException, ExecutionException {
        try (Door with = new Door(url, count);
                Door without = new Door(url, 0)) {
            Graph before = Graph.of(with.keys()).less(Graph.of(without.keys()));
            with.remember(texts, count);
            without.verifyEach(texts, count);
            with.writeUses();
            without.writeUses();
            long flushes = with.state().flushes();
            requireAll(with, count);
            Graph after = Graph.of(with.keys()).less(Graph.of(without.keys()));
            requireAll(with, count);
            if (with.state().flushes() != flushes) {
                throw new IllegalStateException("all was forgotten meanwhile: that measures nothing");
            }
            return after.less(before);
        }
    }

    private static void requireAll(Door door, int count) {
        if (door.state().keys() != count) {
            throw new IllegalStateException("not all keys are in the cache: that measures nothing");
        }
    }

    private static void show(Table table, int count, Graph cached) {
        String column = String.format(Locale.ROOT, "%,d", count);
        table.number(column, "**bytes a key**", (double) cached.bytes() / count);
        table.number(column, "objects a key", (double) cached.objects() / count);
        for (String type : cached.largest(CLASSES)) {
            String name = "`" + type.substring(type.lastIndexOf('.') + 1) + "`";
            table.number(column, name + ", bytes a key", (double) cached.bytes(type) / count);
            table.number(column, name + ", how many a key", (double) cached.objects(type) / count);
        }
    }
}
