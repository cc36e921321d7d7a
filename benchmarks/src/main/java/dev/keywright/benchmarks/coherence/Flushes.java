package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.benchmarks.kit.Table;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What verifications notice of it when a node with a full cache forgets everything, since another has revoked all of a tenant's. */
final class Flushes {

    /** Used all the time; the other entries only take their places. */
    private static final int HOT = 500;

    /** Longer than it is by default: a machine with much to do would let it run out while the cache is filled. */
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final Duration SLOT = Duration.ofMillis(5);
    private static final double HARDLY_ANY = 0.01;
    private static final long FIRST_HOT = 1L << 40;
    private static final int FILLED_AT_A_TIME = 1000;
    private static final int ATTEMPTS = 3;

    private final Site site;
    private final CostOptions options;
    private final Duration time;
    private final Table table = new Table("entries");
    private long fillers = 1L << 50;

    Flushes(Site site, CostOptions options) {
        this.site = site;
        this.options = options;
        this.time = Duration.ofNanos((long) (options.seconds() * 1e9 / 2));
    }

    Table measured() throws IOException, SQLException, InterruptedException {
        site.lease(LEASE);
        try (MeasuredNode other = MeasuredNode.on(site, 0)) {
            other.give("hot", FIRST_HOT, HOT);
            for (int entries : options.entries()) {
                int hot = Math.min(HOT, entries / 2);
                List<String> texts = LongStream.range(FIRST_HOT, FIRST_HOT + hot)
                        .mapToObj(MeasuredNode::text)
                        .toList();
                try (MeasuredNode node = MeasuredNode.on(site, entries)) {
                    for (int round = 0; round < options.rounds(); round++) {
                        fill(node, entries);
                        try (Callers callers = new Callers(node, texts, options.callers())) {
                            measure(String.format(Locale.ROOT, "%,d", entries), node, callers);
                        }
                    }
                }
            }
        }
        return table;
    }

    private void measure(String column, MeasuredNode node, Callers callers) throws InterruptedException {
        callers.spell(time);
        count(column, "before", callers.spell(time));
        table.number(column, "keys it remembered", node.state().keys());
        long flushes = node.state().flushes();
        long lapses = node.state().lapses();
        Spell spell = callers.next();
        node.store().flushAtNextPoll();
        Watched watched = watch(node, spell);
        callers.next();
        if (node.state().flushes() == flushes) {
            throw new IllegalStateException("nothing was flushed: that measures nothing");
        }
        count(column, "after", spell);
        table.number(column, "look-ups afterwards", (double) spell.lookUps().count());
        table.time(column, "they were more than one of a hundred for", watched.affected);
        table.time(column, "the entries were locked for", watched.locked);
        table.number(column, "leases that ran out", node.state().lapses() - (double) lapses);
    }

    /** Goes on until it is full; but where the lease runs out meanwhile, again and again, there is no end to it. */
    private void fill(MeasuredNode node, int entries) {
        node.store().makeUpWhile(() -> {
            long most = fillers + (long) entries * ATTEMPTS;
            while (node.state().keys() < entries && fillers < most) {
                for (int i = 0; i < FILLED_AT_A_TIME; i++) {
                    fillers++;
                    node.keys().verify(MeasuredNode.text(fillers));
                }
            }
        });
    }

    private void count(String column, String when, Spell spell) {
        Latencies all = spell.hits().and(spell.lookUps());
        table.time(column, "verification " + when + ": p50", all.percentile(50));
        table.time(column, when + ": p99", all.percentile(99));
        table.time(column, when + ": p99.9", all.percentile(99.9));
        table.time(column, when + ": the longest", all.longest());
    }

    /** What was seen of a flush: how long it showed, and how long whoever fills or forgets was kept waiting, at most. */
    private record Watched(double affected, double locked) {}

    private Watched watch(MeasuredNode node, Spell spell) throws InterruptedException {
        long begun = System.nanoTime();
        long affected = 0;
        long locked = 0;
        long slot = begun;
        long all = spell.all();
        long hits = spell.hits().count();
        while (System.nanoTime() - begun < time.plus(LEASE).toNanos()) {
            long asked = System.nanoTime();
            node.state();
            locked = Math.max(locked, System.nanoTime() - asked);
            TimeUnit.MICROSECONDS.sleep(100);
            long now = System.nanoTime();
            if (now - slot >= SLOT.toNanos()) {
                long more = spell.all() - all;
                long moreHits = spell.hits().count() - hits;
                if (more == 0 || more - moreHits > more * HARDLY_ANY) {
                    affected += now - slot;
                }
                slot = now;
                all += more;
                hits += moreHits;
            }
        }
        return new Watched((double) affected, (double) locked);
    }
}
