package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKey;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long it takes to end keys while so many nodes cache. */
final class Ends {

    private static final int REVOKED = 5;
    private static final int REVOKED_TOGETHER = 100;
    private static final int MOST_CACHED = 10_000;
    private static final String WHY = "measured";

    private final Site site;
    private final CostOptions options;
    private final Table table = new Table("nodes that cache");
    private int tenants;
    private long keys;

    Ends(Site site, CostOptions options) {
        this.site = site;
        this.options = options;
    }

    /** Measures with no node that caches first: where one has begun, all writers wait for good. */
    Table measured() throws IOException, InterruptedException {
        measure(0);
        for (int nodes : options.nodes()) {
            measure(nodes);
        }
        return table;
    }

    private void measure(int count) throws IOException, InterruptedException {
        List<MeasuredNode> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < Math.max(1, count); i++) {
                nodes.add(MeasuredNode.on(site, count == 0 ? 0 : MOST_CACHED));
            }
            String column = count == 0 ? "none yet" : "" + count;
            for (int round = 0; round < options.rounds(); round++) {
                revoke(column, nodes.get(0));
            }
        } finally {
            for (Closeable node : nodes) {
                node.close();
            }
        }
    }

    private void revoke(String column, MeasuredNode node) {
        for (ApiKey key : given(node, REVOKED)) {
            time(column, "`revoke`", () -> node.tenant(key.tenant().value()).revoke(key.id(), WHY));
        }
        List<ApiKey> together = given(node, REVOKED_TOGETHER);
        time(
                column,
                "`revoke` of " + REVOKED_TOGETHER + " keys in one call",
                () -> node.tenant(together.get(0).tenant().value())
                        .revoke(together.stream().map(ApiKey::id).toList(), WHY));
        ApiKey first = given(node, options.keys()).get(0);
        time(
                column,
                String.format(Locale.ROOT, "`revokeAll` of %,d keys", options.keys()),
                () -> node.tenant(first.tenant().value()).revokeAll(WHY));
    }

    private List<ApiKey> given(MeasuredNode node, int howMany) {
        tenants++;
        long from = keys;
        keys += howMany;
        return node.give("tenant-" + tenants, from, howMany);
    }

    private void time(String column, String row, Runnable end) {
        long begun = System.nanoTime();
        end.run();
        table.time(column, row, (double) (System.nanoTime() - begun));
    }
}
