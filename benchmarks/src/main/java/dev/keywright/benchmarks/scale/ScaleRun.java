package dev.keywright.benchmarks.scale;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.core.Pepper;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.stress.kit.PostgresServer;
import dev.keywright.stress.kit.TemporaryDirectory;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the store's operations on a database with many keys, and its lookup beside a hand-written {@code SELECT} on the same pool.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.scale.ScaleRun --keys 1000000
 * }</pre>
 *
 * <p>Ten million keys need ten gigabytes of the temporary directory. Exit codes: 0 for success, 1 if an operation failed, 2 for
 * invalid options.
 */
@Command(name = "ScaleRun", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ScaleRun implements Callable<Integer> {

    private static final int ISSUED = 1000;

    /** With fewer, the rounds would use up the keys that expire. */
    private static final int MIN_KEYS_PER_ROUND = 1000;

    /** A server with a few gigabytes of memory, and every commit on disk. Without a standby's log it fills faster. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "shared_buffers", "2GB",
            "maintenance_work_mem", "1GB",
            "max_wal_size", "16GB",
            "wal_level", "minimal",
            "max_wal_senders", "0");

    @Option(names = "--h2", description = "use H2 in memory instead of PostgreSQL")
    private boolean h2;

    @Option(names = "--keys", description = "number of keys; at least 1000 for each round and one more")
    private int count = 10_000;

    @Option(names = "--rounds", description = "number of rounds, after one for warm-up")
    private int rounds = 7;

    @Option(names = "--seconds", description = "duration of each lookup measurement in a round")
    private double seconds = 1;

    @Option(names = "--imports", description = "number of keys imported at the end")
    private int imports = 100_000;

    private ScaleRun() {}

    /**
     * Runs the command line.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ScaleRun());
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (rounds < 1 || imports < 1 || count < MIN_KEYS_PER_ROUND * (rounds + 1)) {
            throw new CommandLine.ParameterException(
                    commandLine(), "at least 1 round, 1 import and 1000 keys for each round and one more are required");
        }
        if (h2) {
            run("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            return 0;
        }
        try (TemporaryDirectory directory = TemporaryDirectory.create("keywright-scale");
                PostgresServer server = PostgresServer.start(directory.path().resolve("data"), SETTINGS)) {
            run("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&socketFactory="
                    + CountingSocketFactory.class.getName());
        }
        return 0;
    }

    private void run(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcSchema.install(pool);
            GeneratedKeys generated = new GeneratedKeys(count, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            generated.fill(pool, !h2);
            KeyStore store = JdbcKeyStore.on(pool);
            System.out.printf(
                    Locale.ROOT,
                    "%,d keys, %d rounds of %s s, %s, %d processors, Java %s%n%n",
                    count,
                    rounds,
                    seconds,
                    h2 ? "H2" : "PostgreSQL",
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version());
            try (ApiKeys keys =
                    configure(store).maintenanceScheduler(task -> {}).build()) {
                print(measure(new StoreOperations(store, pool, generated, keys, issue(keys))));
            }
            measureImport(store);
        }
    }

    private static KeywrightBuilder configure(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none());
    }

    /** Issues keys whose text is known. */
    private static List<String> issue(ApiKeys keys) {
        TenantKeys tenant = keys.operatedBy(new Job("scale")).keysOf(TenantId.of("with-texts"));
        return Stream.generate(
                        () -> tenant.issue(NewKey.named("Reporting Script").allowing(StoreOperations.SCOPE.value())))
                .limit(ISSUED)
                .map(issued -> issued.secret().reveal())
                .toList();
    }

    private Rounds measure(StoreOperations operations) throws SQLException {
        new Rounds(operations, seconds).round(true);
        Rounds measured = new Rounds(operations, seconds);
        for (int round = 0; round < rounds; round++) {
            measured.round(round % 2 == 0);
        }
        return measured;
    }

    private static void print(Rounds rounds) {
        System.out.println("| operation | median of the rounds (minimum – maximum) |");
        System.out.println("| --- | --- |");
        line("hand-written `SELECT` by digest, µs", rounds.select.format("%.1f"));
        line("`findByDigest`, µs", rounds.find.format("%.1f"));
        line("**ratio**", rounds.find.dividedBy(rounds.select).format("%.2f"));
        line("`SELECT` by the text of one of " + ISSUED + " keys, µs", rounds.selectIssued.format("%.1f"));
        line("`verify` for a scope, without a cache, µs", rounds.verify.format("%.1f"));
        line("**ratio**", rounds.verify.dividedBy(rounds.selectIssued).format("%.2f"));
        line("`list`, a page of " + StoreOperations.PAGE_SIZE + ", µs", rounds.list.format("%.0f"));
        line("`insert` with a limit, µs", rounds.insert.format("%.0f"));
        line("`insertAll` of " + Rounds.INSERTED + ", µs", rounds.insertAll.format("%.0f"));
        line("`recordUsage` of up to " + Rounds.USED + ", µs", rounds.recordUsage.format("%.0f"));
        line("its round trips", rounds.roundTrips.format("%.0f"));
        line("`claimExpiring` of " + StoreOperations.CLAIMED + ", µs", rounds.claimExpiring.format("%.0f"));
        line("`purge` of " + StoreOperations.PURGED + ", µs", rounds.purge.format("%.0f"));
        line("`countByOrigin`, µs", rounds.countByOrigin.format("%.0f"));
    }

    private static void line(String operation, String figures) {
        System.out.println("| " + operation + " | " + figures + " |");
    }

    private void measureImport(KeyStore store) {
        long building = System.nanoTime();
        try (ApiKeys keys = configure(store)
                .importFormat(ImportFormat.prefix("legacy_")
                        .alphabet("0123456789abcdef")
                        .length(32)
                        .digestOfText(ImportDigest.sha256()))
                .build()) {
            line("`build()`, s", "%.2f".formatted(secondsSince(building)));
            Iterable<ImportedKey> rows = () ->
                    IntStream.range(0, imports).mapToObj(ScaleRun::imported).iterator();
            long importing = System.nanoTime();
            ImportReport report = keys.operatedBy(new Job("scale")).importKeys(rows);
            if (report.imported() != imports) {
                throw new IllegalStateException("not all keys were imported: " + report);
            }
            line(
                    String.format(Locale.ROOT, "import of %,d keys, s", imports),
                    "%.1f".formatted(secondsSince(importing)));
        }
    }

    private static ImportedKey imported(int number) {
        return ImportedKey.digested("%064x".formatted(number + 1))
                .prefixed("legacy_")
                .of("tenant-" + number % 100)
                .named("Legacy " + number)
                .allowing("read:people")
                .hint("9f3c");
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
