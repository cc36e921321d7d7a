package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.CommandLine;
import dev.keywright.benchmarks.kit.Server;
import dev.keywright.jdbc.JdbcSchema;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lets several processes with caches issue, use and end keys on one PostgreSQL, while all kinds of troubles befall them; and then
 * looks through all that was asked and answered for a key that was accepted after its end had returned, or rejected while it
 * lived.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.keywright.benchmarks.coherence.CoherenceRun --nodes 2 --seconds 45
 * }</pre>
 *
 * <p>Ends with 0 where everything was right, with 1 where it was not, with 2 where the options are wrong, and with 3 where the
 * run has missed what it was to try, so that it proves nothing.
 */
public final class CoherenceRun {

    /** What is in the store unless somebody has chosen otherwise; it says here only what is near. */
    private static final Duration LEASE = Duration.ofMillis(250);

    private CoherenceRun() {}

    /**
     * Runs.
     *
     * @param arguments the options
     * @throws Exception if the run cannot be made
     */
    public static void main(String[] arguments) throws Exception {
        CommandLine.run(arguments, Options::of, options -> run(options, System.out));
    }

    private static int run(Options options, PrintStream out) throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "%s, on %d processors and Java %s%n",
                options,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        Path folder = Files.createTempDirectory("keywright-coherence");
        long begun = System.nanoTime();
        Report report = live(options, folder, out);
        out.printf(Locale.ROOT, "ran and judged in %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        int answer = report.print(out);
        if (answer == 0) {
            delete(folder);
        } else {
            out.println("the journals are in " + folder);
        }
        return answer;
    }

    private static Report live(Options options, Path folder, PrintStream out) throws IOException, InterruptedException {
        Board board = new Board(folder.resolve("board"));
        List<Link> links = new ArrayList<>();
        try (Server server = Server.start(folder.resolve("data"))) {
            JdbcSchema.install(server.source());
            for (int node = 0; node < options.nodes(); node++) {
                links.add(Link.to(server.port()));
            }
            try (Fleet fleet = new Fleet(folder, board, links, options)) {
                Troubles troubles = new Troubles(board, server, links, fleet, options.seed());
                fleet.awaitCaches();
                long begun = System.nanoTime();
                while (!troubles.areAllThere()
                        || (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(options.seconds())
                                && board.ended() < options.revocations())) {
                    troubles.next();
                    board.tidy();
                    fleet.requireAlive();
                }
                out.printf(
                        Locale.ROOT, "went on for %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
                board.stop();
                fleet.awaitEnd();
                return report(folder, board, fleet, troubles);
            }
        } finally {
            for (Link link : links) {
                link.close();
            }
        }
    }

    private static Report report(Path folder, Board board, Fleet fleet, Troubles troubles) throws IOException {
        Findings findings = Judge.judge(Judge.journals(folder), LEASE);
        Board.Counters caches = new Board.Counters(0, 0, 0, 0, 0, 0);
        for (int process = 1; process <= fleet.started(); process++) {
            caches = caches.and(board.counters(process));
        }
        return new Report(findings, caches, fleet.started(), troubles.befallen());
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
