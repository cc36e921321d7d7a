package dev.keywright.benchmarks.coherence;

import dev.keywright.benchmarks.kit.Server;
import dev.keywright.benchmarks.kit.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Lets one trouble after the other befall a run: all kinds of them, in an order by chance, and then again. Used by one thread. */
final class Troubles {

    private static final long SHORTEST = 400;
    private static final long LONGEST = 1500;
    private static final int PEACE = 2;
    private static final long HOURS_OFF = Duration.ofHours(12).toMillis();

    private final Board board;
    private final Server server;
    private final List<Link> links;
    private final Fleet fleet;
    private final Random random;
    private final Queue<Trouble> next = new ArrayDeque<>();
    private final Map<Trouble, Integer> befallen = new EnumMap<>(Trouble.class);

    Troubles(Board board, Server server, List<Link> links, Fleet fleet, long seed) {
        this.board = board;
        this.server = server;
        this.links = links;
        this.fleet = fleet;
        this.random = new Random(seed);
    }

    /** Lets the next one befall the run, after a moment of peace, and returns when it is over. */
    void next() throws IOException, InterruptedException {
        if (next.isEmpty()) {
            List<Trouble> all = new ArrayList<>(List.of(Trouble.values()));
            // Nothing can be wrong while there is no database: the ones that leave it alone come twice.
            all.addAll(List.of(Trouble.STALL, Trouble.CUT, Trouble.PAUSE, Trouble.JUMP));
            Collections.shuffle(all, random);
            next.addAll(all);
        }
        for (int i = 0; i < PEACE; i++) {
            aWhile();
        }
        Trouble trouble = next.remove();
        befall(trouble, random.nextInt(fleet.nodes()));
        befallen.merge(trouble, 1, Integer::sum);
    }

    private void befall(Trouble trouble, int node) throws IOException, InterruptedException {
        switch (trouble) {
            case STALL -> {
                links.get(node).stall();
                aWhile();
                links.get(node).goOn();
            }
            case CUT -> links.get(node).cut();
            case PAUSE -> {
                long process = fleet.process(node).pid();
                Signal.STOP.send(process);
                aWhile();
                Signal.CONT.send(process);
            }
            case KILL -> {
                fleet.replace(node);
                fleet.awaitCaches();
            }
            case JUMP -> board.clock(node, random.nextLong(-HOURS_OFF, HOURS_OFF));
            case RESTART -> server.restart();
            case CRASH -> server.crash();
        }
    }

    private void aWhile() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextLong(SHORTEST, LONGEST));
    }

    /** Whether there was each of them. */
    boolean areAllThere() {
        return befallen.size() == Trouble.values().length;
    }

    /** {@return how often which has befallen the run} */
    Map<Trouble, Integer> befallen() {
        return Collections.unmodifiableMap(befallen);
    }
}
