package dev.keywright.benchmarks.scale;

import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.benchmarks.kit.CommandLine;
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
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what the store does on a database that holds so many keys, beside a hand-written {@code SELECT} on the same pool.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.scale.ScaleRun \
 *     --database postgresql --keys 1000000 --rounds 7 --seconds 1 --imports 100000
 * }</pre>
 *
 * <p>Ends with 0, and with 2 where the options are wrong.
 */
public final class ScaleRun {

    private static final int ISSUED = 1000;

    private ScaleRun() {}

    /**
     * Runs.
     *
     * @param arguments the options; what is not said is as above, with 10,000 keys
     * @throws IOException if the database does not start
     * @throws SQLException if it does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, Options::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(Options options, PrintStream out) throws IOException, SQLException {
        try (Place place = Place.named(options.database())) {
            int processors = Runtime.getRuntime().availableProcessors();
            out.printf(Locale.ROOT, "`%s`%n", options);
            out.printf("%s, %d processors, Java %s%n", place.product(), processors, Runtime.version());
            Crowd crowd = new Crowd(options.keys(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
            JdbcSchema.install(place.pool());
            long filling = System.nanoTime();
            crowd.fill(place);
            out.printf(Locale.ROOT, "%,d keys made in %.1f s%n%n", crowd.size(), since(filling));
            KeyStore store = JdbcKeyStore.on(place.pool());
            try (ApiKeys keys = on(store).maintenanceScheduler(task -> {}).build()) {
                Work work = new Work(store, place.pool(), crowd, keys, issue(keys));
                print(measured(work, options), out);
            }
            print(store, options.imports(), out);
        }
    }

    private static KeywrightBuilder on(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none());
    }

    /** A thousand keys with texts, which the others do not have. */
    private static List<String> issue(ApiKeys keys) {
        TenantKeys tenant = keys.operatedBy(new Job("scale")).keysOf(TenantId.of("with-texts"));
        return Stream.generate(
                        () -> tenant.issue(NewKey.named("Reporting Script").allowing(Work.SCOPE.value())))
                .limit(ISSUED)
                .map(issued -> issued.secret().reveal())
                .toList();
    }

    private static Rounds measured(Work work, Options options) throws SQLException {
        new Rounds(work, options.seconds()).round(true);
        Rounds rounds = new Rounds(work, options.seconds());
        for (int round = 0; round < options.rounds(); round++) {
            rounds.round(round % 2 == 0);
        }
        return rounds;
    }

    private static void print(Rounds rounds, PrintStream out) {
        out.println("| work | median of the rounds (least – most) |");
        out.println("| --- | --- |");
        line(out, "hand-written `SELECT` by the digest, µs", rounds.select.in("%.1f"));
        line(out, "`findByDigest`, µs", rounds.find.in("%.1f"));
        line(
                out,
                "**the second over the first**",
                rounds.find.over(rounds.select).in("%.2f"));
        line(out, "the `SELECT` by the text of one of " + ISSUED + ", µs", rounds.selectIssued.in("%.1f"));
        line(out, "`verify` of it for a scope, without a cache, µs", rounds.verify.in("%.1f"));
        line(
                out,
                "**the second over the first**",
                rounds.verify.over(rounds.selectIssued).in("%.2f"));
        line(out, "`list`, a page of " + Work.PAGE + " from anywhere, µs", rounds.list.in("%.0f"));
        line(out, "`insert` with a limit, µs", rounds.issue.in("%.0f"));
        line(out, "`insertAll` of " + Rounds.INSERTED + ", µs", rounds.insertAll.in("%.0f"));
        line(out, "`recordUses` of up to " + Rounds.USED + ", µs", rounds.recordUses.in("%.0f"));
        line(out, "its round trips", rounds.roundTrips.in("%.0f"));
        line(out, "`takeEnding` of " + Work.ENDING + ", µs", rounds.takeEnding.in("%.0f"));
        line(out, "`purge` of " + Work.PURGED + ", µs", rounds.purge.in("%.0f"));
        line(out, "`countActive`, µs", rounds.countActive.in("%.0f"));
    }

    private static void line(PrintStream out, String what, String figures) {
        out.println("| " + what + " | " + figures + " |");
    }

    /** Through the public door, as an operator would. */
    private static void print(KeyStore store, int imports, PrintStream out) {
        long starting = System.nanoTime();
        try (ApiKeys keys = on(store)
                .importFormat(ImportFormat.prefix("legacy_")
                        .alphabet("0123456789abcdef")
                        .length(32)
                        .digestOfText(ImportDigest.sha256()))
                .build()) {
            double started = since(starting);
            Iterable<ImportedKey> rows = () ->
                    IntStream.range(0, imports).mapToObj(ScaleRun::foreign).iterator();
            long importing = System.nanoTime();
            ImportReport report = keys.operatedBy(new Job("scale")).importKeys(rows, progress -> {});
            double imported = since(importing);
            if (report.imported() != imports) {
                throw new IllegalStateException("not all were imported: " + report);
            }
            line(out, String.format(Locale.ROOT, "import of %,d keys, s", imports), "%.1f".formatted(imported));
            line(out, "`build()` on all these keys, s", "%.2f".formatted(started));
        }
    }

    private static ImportedKey foreign(int number) {
        return ImportedKey.digested("%064x".formatted(number + 1))
                .prefixed("legacy_")
                .of("tenant-" + number % 100)
                .named("Legacy " + number)
                .allowing("read:people")
                .hint("9f3c");
    }

    private static double since(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
