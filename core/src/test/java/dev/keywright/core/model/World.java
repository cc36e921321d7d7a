package dev.keywright.core.model;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part, what may happen, and how clocks run.
 *
 * @param lease in units of a node's clock
 * @param nodeRates how many units a node's clock can gain with a tick
 * @param writerRates how many a writer's clock can gain
 */
record World(
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
     * A world whose clocks are as far apart as they may be: the writers' gain five units where the nodes' gain four. So there is
     * nothing to spare in any of them.
     *
     * @param ticks how long a lease is
     */
    static World small(String name, int nodes, int verifications, int keys, int ticks, Event... events) {
        Set<Event> set = EnumSet.noneOf(Event.class);
        set.addAll(Arrays.asList(events));
        return new World(name, nodes, verifications, keys, 4 * ticks, List.of(4), List.of(5), set, null);
    }

    World withClocks(int units, List<Integer> ofNodes, List<Integer> ofWriters) {
        return new World(name, nodes, verifications, keys, units, ofNodes, ofWriters, events, fault);
    }

    World with(Fault planted) {
        return new World(planted.name(), nodes, verifications, keys, lease, nodeRates, writerRates, events, planted);
    }

    boolean has(Fault planted) {
        return fault == planted;
    }

    boolean may(Event event) {
        return events.contains(event);
    }

    /** How many changes a page has at most. */
    int page() {
        return may(Event.PAGES_OF_ONE) ? 1 : ALL_CHANGES;
    }

    /** Whether a lookup can be answered from a revision below the one that its node has applied. */
    boolean mayAnswerFromThePast() {
        return may(Event.LAGGING_REPLICA)
                || may(Event.FAIL_OVER)
                || may(Event.QUICK_FAIL_OVER)
                || may(Event.QUIET_FAIL_OVER);
    }

    boolean suspends() {
        return isExcused() || may(Event.SUSPENSION_WITHOUT_EXCUSE);
    }

    /** Whether a node that stood still may accept for a while what it must not. */
    boolean isExcused() {
        return may(Event.SUSPENSION) || may(Event.SUSPENSION_EXCUSED_BY_ITS_LEASE);
    }

    /** How long a writer waits, in units of its clock; as {@code RevocationBarrier} has it. */
    int wait(int units) {
        if (has(Fault.NO_WAIT)) {
            return 0;
        }
        return has(Fault.WAIT_OF_ONE_LEASE) ? units : units + units / 4;
    }

    /** For how many ticks no database answers when one has died: a lease, by the slowest clock. */
    int outage() {
        int slowest = nodeRates.stream().min(Integer::compare).orElseThrow();
        return (lease + slowest - 1) / slowest;
    }

    /** Whether a live key must be found. What a quick fail-over has lost, some nodes may still know of. */
    boolean isRejectionWrong(State state) {
        boolean mayRemember = state.failedOver && (may(Event.QUICK_FAIL_OVER) || suspends());
        return !state.isAway() && !state.quiet && !mayRemember;
    }

    @Override
    public String toString() {
        return name;
    }
}
