package dev.keywright.stress;

import dev.keywright.stress.kit.NetworkProxy;
import dev.keywright.stress.kit.PostgresServer;
import dev.keywright.stress.kit.ProcessSignal;
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

/** Disrupts a run: every {@link Disruption} in random order, repeatedly. Not thread-safe. */
final class Disruptions {

    private static final long MIN_PAUSE_MILLIS = 400;
    private static final long MAX_PAUSE_MILLIS = 1500;
    private static final long MAX_CLOCK_JUMP_MILLIS = Duration.ofHours(12).toMillis();

    private final SharedKeys sharedKeys;
    private final PostgresServer server;
    private final List<NetworkProxy> proxies;
    private final NodeProcesses nodes;
    private final Random random;
    private final Queue<Disruption> next = new ArrayDeque<>();
    private final Map<Disruption, Integer> counts = new EnumMap<>(Disruption.class);

    Disruptions(
            SharedKeys sharedKeys, PostgresServer server, List<NetworkProxy> proxies, NodeProcesses nodes, long seed) {
        this.sharedKeys = sharedKeys;
        this.server = server;
        this.proxies = proxies;
        this.nodes = nodes;
        this.random = new Random(seed);
    }

    /** Pauses, disrupts the run, and returns when the disruption is over. */
    void next() throws IOException, InterruptedException {
        if (next.isEmpty()) {
            List<Disruption> all = new ArrayList<>(List.of(Disruption.values()));
            // Little can go wrong while the database is down: disruptions that leave it running come twice.
            all.addAll(List.of(
                    Disruption.STALLED_NETWORK,
                    Disruption.CUT_CONNECTIONS,
                    Disruption.PAUSED_PROCESS,
                    Disruption.CLOCK_JUMP));
            Collections.shuffle(all, random);
            next.addAll(all);
        }
        pause();
        pause();
        Disruption disruption = next.remove();
        run(disruption, random.nextInt(nodes.size()));
        counts.merge(disruption, 1, Integer::sum);
    }

    private void run(Disruption disruption, int node) throws IOException, InterruptedException {
        switch (disruption) {
            case STALLED_NETWORK -> {
                proxies.get(node).stall();
                pause();
                proxies.get(node).resume();
            }
            case CUT_CONNECTIONS -> proxies.get(node).cut();
            case PAUSED_PROCESS -> {
                long pid = nodes.process(node).pid();
                ProcessSignal.STOP.send(pid);
                pause();
                ProcessSignal.CONT.send(pid);
            }
            case KILLED_PROCESS -> {
                nodes.replace(node);
                nodes.awaitCaches();
            }
            case CLOCK_JUMP ->
                sharedKeys.clockOffset(node, random.nextLong(-MAX_CLOCK_JUMP_MILLIS, MAX_CLOCK_JUMP_MILLIS));
            case RESTARTED_DATABASE -> server.restart();
            case CRASHED_DATABASE -> server.crash();
        }
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
    }

    /** Whether each disruption happened. */
    boolean areComplete() {
        return counts.size() == Disruption.values().length;
    }

    /** {@return how often each disruption happened} */
    Map<Disruption, Integer> counts() {
        return Collections.unmodifiableMap(counts);
    }
}
