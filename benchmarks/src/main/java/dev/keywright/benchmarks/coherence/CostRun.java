package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Folder;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Measures what coherence costs: how long it takes to end keys, what the polls of so many nodes take from the database, what
 * verifications notice of a flush, and how they fare while the database is slow or away.
 *
 * <pre>{@code
 * java -Xmx4g -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.coherence.CostRun
 * }</pre>
 *
 * <p>Ends with 0, and with 2 where the options are wrong.
 */
public final class CostRun {

    private static final int HOT = 1000;
    private static final long FIRST_HOT = 1L << 30;
    private static final int MOST_CACHED = 10_000;

    private CostRun() {}

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if the database does not do what it should
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, CostOptions::of, options -> {
            run(options, System.out);
            return 0;
        });
    }

    static void run(CostOptions options, PrintStream out) throws IOException, SQLException, InterruptedException {
        long begun = System.nanoTime();
        try (Folder folder = Folder.named("keywright-cost")) {
            try (Site site = Site.in(folder.path().resolve("idle"))) {
                out.printf(Locale.ROOT, "`%s`%n%s, ", options, site.product());
                int processors = Runtime.getRuntime().availableProcessors();
                out.printf(Locale.ROOT, "%d processors, Java %s, load %.1f", processors, Runtime.version(), load());
                out.printf("%n%n");
                new Polls(site, options).measured().print(out);
            }
            try (Site site = Site.in(folder.path().resolve("busy"))) {
                new Ends(site, options).measured().print(out);
                weather(site, options).forEach(table -> table.print(out));
                new Flushes(site, options).measured().print(out);
            }
            out.printf(Locale.ROOT, "load %.1f, %d s%n", load(), (System.nanoTime() - begun) / 1_000_000_000);
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static List<Table> weather(Site site, CostOptions options) throws IOException, InterruptedException {
        List<String> texts = LongStream.range(FIRST_HOT, FIRST_HOT + HOT)
                .mapToObj(MeasuredNode::text)
                .toList();
        try (MeasuredNode node = MeasuredNode.on(site, MOST_CACHED)) {
            node.give("used", FIRST_HOT, HOT);
            try (Callers callers = new Callers(node, texts, options.callers())) {
                return new Weather(node, callers, options.seconds()).measured(options.rounds());
            }
        }
    }
}
