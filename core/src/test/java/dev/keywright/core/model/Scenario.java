package dev.keywright.core.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of the model.
 *
 * @param lease in units of a node's clock
 * @param nodeRates possible units by which the clock of a node advances in a tick
 * @param writerRates possible units by which the clock of a writer advances in a tick
 */
record Scenario(
        String name,
        int nodes,
        int verifications,
        int keys,
        int lease,
        List<Integer> nodeRates,
        List<Integer> writerRates,
        Set<Event> events,
        @Nullable Fault fault) {

    private static final int ALL_CHANGES = 9;

    /**
     * Creates a scenario with the largest clock drift that the protocol allows: the clocks of writers advance by five units while
     * those of nodes advance by four. No time is to spare.
     *
     * @param ticks length of a lease
     */
    static Scenario maxDrift(String name, int nodes, int verifications, int keys, int ticks, Event... events) {
        Set<Event> set = EnumSet.noneOf(Event.class);
        set.addAll(Arrays.asList(events));
        return new Scenario(name, nodes, verifications, keys, 4 * ticks, List.of(4), List.of(5), set, null);
    }

    Scenario withClocks(int units, List<Integer> ofNodes, List<Integer> ofWriters) {
        return new Scenario(name, nodes, verifications, keys, units, ofNodes, ofWriters, events, fault);
    }

    Scenario with(Fault planted) {
        return new Scenario(planted.name(), nodes, verifications, keys, lease, nodeRates, writerRates, events, planted);
    }

    boolean has(Fault planted) {
        return fault == planted;
    }

    boolean allows(Event event) {
        return events.contains(event);
    }

    /** {@return the maximum number of changes in a page} */
    int page() {
        return allows(Event.PAGES_OF_ONE) ? 1 : ALL_CHANGES;
    }

    /** Whether the snapshot of a lookup can be below the revision that its node has applied. */
    boolean mayAnswerStale() {
        return allows(Event.LAGGING_REPLICA)
                || allows(Event.FAIL_OVER)
                || allows(Event.QUICK_FAIL_OVER)
                || allows(Event.LATE_FAIL_OVER);
    }

    boolean suspends() {
        return isExcused() || allows(Event.SUSPENSION_WITHOUT_EXCUSE);
    }

    /** Whether the promise excuses a node for a while after a suspension. */
    boolean isExcused() {
        return allows(Event.SUSPENSION) || allows(Event.SUSPENSION_EXCUSED_BY_LEASE);
    }

    /** {@return the wait of a writer in units of its clock, as in {@code RevocationBarrier}} */
    int wait(int units) {
        if (has(Fault.NO_WAIT)) {
            return 0;
        }
        return has(Fault.WAIT_OF_ONE_LEASE) ? units : units + units / 4;
    }

    /** {@return the ticks of an outage after a fail-over: one lease on the slowest clock} */
    int outage() {
        int slowest = Collections.min(nodeRates);
        return (lease + slowest - 1) / slowest;
    }

    /** Whether a live key must be accepted. After a quick fail-over, some caches may contain lost writes. */
    boolean liveKeysMustBeFound(State state) {
        boolean cachesLostWrites = state.failedOver && (allows(Event.QUICK_FAIL_OVER) || suspends());
        return !state.isUnavailable() && !state.writesPaused && !cachesLostWrites;
    }

    @Override
    public String toString() {
        return name;
    }
}
