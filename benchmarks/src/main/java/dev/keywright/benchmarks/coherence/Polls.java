package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What so many nodes that cache cost their database, and this process, while nothing happens. */
final class Polls {

    private static final int MOST_CACHED = 10_000;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final double PERCENT = 100;

    private final Site site;
    private final CostOptions options;
    private final Table table = new Table("nodes that cache");

    Polls(Site site, CostOptions options) {
        this.site = site;
        this.options = options;
    }

    /** What was used of processors and polls up to a moment. */
    private record Used(long at, long polls, Map<Long, Duration> server, Duration ours) {

        double serverSince(Used before) {
            return server.entrySet().stream()
                    .map(process ->
                            process.getValue().minus(before.server.getOrDefault(process.getKey(), Duration.ZERO)))
                    .reduce(Duration.ZERO, Duration::plus)
                    .toNanos();
        }
    }

    Table measured() throws IOException, SQLException, InterruptedException {
        try (MeasuredNode node = MeasuredNode.on(site, 0)) {
            node.give("idle", 0, options.keys());
        }
        site.settle();
        measure(0);
        for (int nodes : options.nodes()) {
            measure(nodes);
        }
        return table;
    }

    private void measure(int count) throws IOException, InterruptedException {
        List<MeasuredNode> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(MeasuredNode.on(site, MOST_CACHED));
            }
            for (int round = 0; round < options.rounds(); round++) {
                measure("" + count, nodes);
            }
        } finally {
            for (Closeable node : nodes) {
                node.close();
            }
        }
    }

    private void measure(String column, List<MeasuredNode> nodes) throws IOException, InterruptedException {
        Latencies polls = new Latencies();
        Used before = used(nodes);
        while (System.nanoTime() - before.at < options.seconds() * 1e9) {
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
            nodes.forEach(node -> polls.add(node.state().lastPoll().toNanos()));
        }
        Used after = used(nodes);
        double nanos = (double) (after.at - before.at);
        table.number(column, "polls a second", (after.polls - before.polls) * 1e9 / nanos);
        table.time(column, "a poll: p50", polls.percentile(50));
        table.time(column, "the longest", polls.longest());
        if (!after.server.isEmpty()) {
            table.number(column, "the server's use of one processor, %", after.serverSince(before) * PERCENT / nanos);
        }
        table.number(column, "the nodes' own, %", after.ours.minus(before.ours).toNanos() * PERCENT / nanos);
    }

    private Used used(List<MeasuredNode> nodes) throws IOException {
        return new Used(
                System.nanoTime(),
                nodes.stream().mapToLong(node -> node.store().polls()).sum(),
                site.cpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }
}
