package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.benchmarks.kit.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How verifications fare at a node while its database is well, slow, away, and back. */
final class Weather {

    private static final Duration SLOW = Duration.ofMillis(20);
    private static final Duration SLOWER_THAN_A_LEASE = Duration.ofMillis(400);

    private static final Duration SLOT = Duration.ofMillis(20);
    private static final double NEARLY_ALL = 0.99;
    private static final long SECONDS_TO_RECOVER = 60;

    private final MeasuredNode node;
    private final Callers callers;
    private final Duration time;

    /** Until then, the lease may still last, and answers may be under way: what is counted comes later. */
    private final Duration turn;

    private final Table spells = new Table("the database is");
    private final Table turns = new Table("how long after");

    Weather(MeasuredNode node, Callers callers, double seconds) {
        this.node = node;
        this.callers = callers;
        this.time = Duration.ofNanos((long) (seconds * 1e9));
        this.turn = time.dividedBy(2);
    }

    List<Table> measured(int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            count("well", time);
            slow(SLOW);
            awaitHits("answers no longer came 20 ms late");
            slow(SLOWER_THAN_A_LEASE);
            awaitHits("answers no longer came 400 ms late");
            away();
            awaitHits("the database was back");
        }
        return List.of(spells, turns);
    }

    private void slow(Duration delay) throws InterruptedException {
        node.link().slow(delay);
        count(String.format(Locale.ROOT, "slow: %d ms", delay.toMillis()), time);
        node.link().slow(Duration.ZERO);
    }

    private void away() throws InterruptedException {
        node.link().refuse();
        Spell first = count("away", time.multipliedBy(2));
        turns.time("the last hit", "the database went away", first.hitsWentOnFor());
        node.link().accept();
    }

    /** Counts, and then waits until what was begun meanwhile has ended, still in the same state. */
    private Spell count(String state, Duration howLong) throws InterruptedException {
        Spell first = callers.spell(turn);
        Spell spell = callers.spell(howLong);
        callers.spell(time);
        count(state, spell);
        return first;
    }

    private void count(String state, Spell spell) {
        Latencies answered = spell.hits().and(spell.lookUps());
        spells.number(state, "hits a second", spell.perSecond(spell.hits()));
        spells.number(state, "look-ups a second", spell.perSecond(spell.lookUps()));
        spells.number(state, "verifications a second without an answer", spell.perSecond(spell.failures()));
        spells.time(state, "an answer: p50", answered.percentile(50));
        spells.time(state, "p99", answered.percentile(99));
        spells.time(state, "p99.9", answered.percentile(99.9));
        spells.time(state, "the longest", answered.longest());
        spells.time(state, "a look-up: p50", spell.lookUps().percentile(50));
        spells.time(state, "none: p50", spell.failures().percentile(50));
        spells.time(state, "the longest without one", spell.failures().longest());
    }

    private void awaitHits(String after) throws InterruptedException {
        Spell spell = callers.next();
        long begun = System.nanoTime();
        turns.time(
                "the first answer",
                after,
                until(begun, () -> spell.hits().count() + spell.lookUps().count() > 0));
        turns.time("the first hit", after, until(begun, () -> spell.hits().count() > 0));
        turns.time("nearly all are hits", after, nearlyAll(spell, begun));
        // Whoever still waits for the pool.
        callers.spell(turn);
    }

    private static double until(long begun, BooleanSupplier happens) throws InterruptedException {
        while (!happens.getAsBoolean()) {
            requireSoon(begun);
            TimeUnit.MICROSECONDS.sleep(200);
        }
        return (double) (System.nanoTime() - begun);
    }

    private static double nearlyAll(Spell spell, long begun) throws InterruptedException {
        while (true) {
            long from = System.nanoTime();
            long hits = spell.hits().count();
            long all = spell.all();
            TimeUnit.NANOSECONDS.sleep(SLOT.toNanos());
            long more = spell.hits().count() - hits;
            if (more > 0 && more >= (spell.all() - all) * NEARLY_ALL) {
                return (double) (from - begun);
            }
            requireSoon(begun);
        }
    }

    private static void requireSoon(long begun) {
        if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_RECOVER)) {
            throw new IllegalStateException("there are no hits again");
        }
    }
}
