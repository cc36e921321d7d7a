package dev.keywright.benchmarks.week;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.benchmarks.kit.Folder;
import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import dev.keywright.jdbc.JdbcKeyStore;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Measures a week of a busy portal: verifications of the keys of many districts, and one management call for each 99, on one
 * process and on several with one database, with caches and without; at full speed, and at a given rate.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.week.WeekRun
 * }</pre>
 *
 * <p>Ends with 0; with 1 where an answer was wrong, or it has not measured what it was to measure; and with 2 where the options are
 * wrong.
 */
public final class WeekRun {

    private static final Duration ENDS_WITHIN = Duration.ofDays(21);
    private static final double PERCENT = 100;

    private final WeekOptions options;
    private final PrintStream out;
    private final Map<Load, Table> tables = new EnumMap<>(Load.class);

    private WeekRun(WeekOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        for (Load load : Load.MEASURED) {
            tables.put(load, new Table(load.title()));
        }
    }

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if the database does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, WeekOptions::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(WeekOptions options, PrintStream out) throws IOException, SQLException, InterruptedException {
        new WeekRun(options, out).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        long begun = System.nanoTime();
        out.printf(Locale.ROOT, "`%s`%n", options);
        for (String cache : options.caches()) {
            for (int nodes : options.nodes()) {
                try (Folder folder = Folder.named("keywright-week");
                        Site site = Site.in(folder.path().resolve("database"))) {
                    if (table(Load.MIXED).isEmpty()) {
                        head(site);
                    }
                    measure(site, folder.path().resolve("ledger"), nodes, cache.equals("on"));
                }
            }
        }
        tables.values().forEach(table -> table.print(out));
        out.printf(Locale.ROOT, "load %.1f, %d s%n", load(), (System.nanoTime() - begun) / 1_000_000_000);
    }

    private Table table(Load load) {
        return Objects.requireNonNull(tables.get(load));
    }

    private void head(Site site) throws SQLException {
        int processors = Runtime.getRuntime().availableProcessors();
        out.printf(Locale.ROOT, "%s, %d processors, ", site.product(), processors);
        out.printf(Locale.ROOT, "Java %s, load %.1f%n%n", Runtime.version(), load());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private void measure(Site site, Path ledger, int nodes, boolean cached)
            throws IOException, SQLException, InterruptedException {
        String column = nodes + (nodes == 1 ? " process, " : " processes, ") + (cached ? "cache" : "no cache");
        Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        fill(site, ledger, start);
        double week = options.seconds() * (options.rounds() + 1) * Load.MEASURED.size();
        List<Portal.Orders> orders = new ArrayList<>();
        long begun = System.nanoTime();
        for (int node = 0; node < nodes; node++) {
            orders.add(new Portal.Orders(
                    ledger, site.url(site.port()), node, nodes, cached, begun, start.toEpochMilli(), week, options));
        }
        Figures all = new Figures();
        try (Portals portals = new Portals(orders)) {
            all.and(portals.measured(Load.EACH_ONCE, 0));
            for (Load load : Load.MEASURED) {
                all.and(portals.measured(load, options.seconds()));
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Load load : Load.MEASURED) {
                    double before = cpu(site);
                    Figures figures = portals.measured(load, options.seconds()).count("server", cpu(site) - before);
                    show(table(load), column, load, figures, cached);
                    all.and(figures);
                }
            }
            portals.end();
        }
        double recorded = site.ask("SELECT COALESCE(SUM(use_count), 0) FROM keywright_usage") / all.sum("accepted");
        table(Load.DUE).number(column, "uses that were written down, %, of all", PERCENT * recorded);
        new Audit(column, cached).pass(all, recorded);
    }

    private void fill(Site site, Path path, Instant start) throws IOException, SQLException {
        Ledger ledger = new Ledger(path, options.keys());
        Districts districts = new Districts(options.districts(), options.keys());
        try (HikariDataSource pool = Portal.pool(site.url(site.port()))) {
            districts.fill(
                    JdbcKeyStore.on(pool),
                    start,
                    ENDS_WITHIN,
                    (number, issued) -> ledger.add(number, districts.districtOf(number), issued));
        }
        site.settle();
    }

    private static double cpu(Site site) throws IOException {
        return site.cpu().values().stream().mapToDouble(Duration::toNanos).sum();
    }

    private static void show(Table table, String column, Load load, Figures figures, boolean cached) {
        double verifications = figures.times("verify").count();
        table.number(column, "verifications a second", figures.sum("a-second"));
        times(table, column, "verification", figures.times("verify"));
        if (load != Load.VERIFYING) {
            table.number(column, "managed a second", figures.sum("managed-a-second"));
            for (Clerks.Deed deed : Clerks.Deed.values()) {
                Latencies times = figures.times(deed.name());
                String name = "`" + deed.name().toLowerCase(Locale.ROOT) + "`";
                table.time(column, name + ": p50", times.percentile(50));
                table.time(column, name + ": p99", times.percentile(99));
            }
        }
        table.number(column, "while their key was being changed, %", PERCENT * figures.sum("unsure") / verifications);
        double asked = figures.sum("hits") + figures.sum("look-ups");
        table.number(column, "answered by the cache, %", cached ? PERCENT * figures.sum("hits") / asked : Double.NaN);
        table.number(column, "times that a cache forgot everything", cached ? figures.sum("flushes") : Double.NaN);
        table.number(column, "since its lease had run out", cached ? figures.sum("lapses") : Double.NaN);
        table.number(column, "allocated by a verification, B", figures.sum("allocated") / verifications);
        table.number(column, "collections a minute", figures.sum("collections") * 60e9 / figures.sum("nanos"));
        table.number(
                column, "collecting, % of the time", figures.sum("collecting") * 1e6 * PERCENT / figures.sum("nanos"));
        if (load != Load.DUE) {
            table.time(column, "processors' time of the portal, a verification", figures.sum("cpu") / verifications);
        }
        table.time(column, "of the database, a verification", figures.sum("server") / verifications);
    }

    private static void times(Table table, String column, String what, Latencies times) {
        table.time(column, what + ": p50", times.percentile(50));
        table.time(column, what + ": p99", times.percentile(99));
        table.time(column, what + ": p99.9", times.percentile(99.9));
        table.time(column, what + ": the longest", times.longest());
    }
}
