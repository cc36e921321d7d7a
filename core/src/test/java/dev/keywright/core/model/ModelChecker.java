package dev.keywright.core.model;

import dev.keywright.core.model.Successors.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Breadth-first search of all states of a scenario. Stops at the first violation of the promise. */
final class ModelChecker {

    private static final int PAGE_BITS = 16;
    private static final int PAGE = 1 << PAGE_BITS;

    private final Scenario scenario;
    private final Transitions transitions;
    private final int width;

    /** Packed states in the order in which they were reached. Pages, so that the list grows without copies. */
    private final List<long[]> pages = new ArrayList<>();

    /** Index of the state from which each state was reached. */
    private final List<int[]> origins = new ArrayList<>();

    private int count;

    /** Hash table with open addressing: index of a state plus one, or zero for a free slot. */
    private int[] table = new int[1 << 16];

    private final Set<String> labels = new HashSet<>();

    /**
     * Result of a search.
     *
     * @param path transitions that lead to a violation; empty if there is none
     * @param labels kinds of transitions that occurred
     */
    record Outcome(int states, List<String> path, Set<String> labels) {}

    ModelChecker(Scenario scenario) {
        this.scenario = scenario;
        this.transitions = new Transitions(scenario);
        this.width = State.words(scenario);
    }

    /** @throws IllegalStateException if the scenario has more than {@code maxStates} states */
    Outcome run(int maxStates) {
        reach(State.initial(scenario).packed(scenario), -1);
        for (int at = 0; at < count; at++) {
            if (count > maxStates) {
                throw new IllegalStateException(scenario + " has more than " + maxStates + " states");
            }
            for (Transition transition : transitions.from(State.unpacked(words(at), scenario))) {
                labels.add(transition.label());
                if (transition.next().violation != null) {
                    return new Outcome(count, path(at), labels);
                }
                reach(transition.next().packed(scenario), at);
            }
        }
        return new Outcome(count, List.of(), labels);
    }

    private void reach(long[] words, int origin) {
        if (count > table.length / 2) {
            grow();
        }
        int slot = slot(words);
        if (table[slot] != 0) {
            return;
        }
        int page = count >>> PAGE_BITS;
        if (page == pages.size()) {
            pages.add(new long[PAGE * width]);
            origins.add(new int[PAGE]);
        }
        System.arraycopy(words, 0, pages.get(page), (count & (PAGE - 1)) * width, width);
        origins.get(page)[count & (PAGE - 1)] = origin;
        count++;
        table[slot] = count;
    }

    /** {@return the slot of a state, or the free slot where it belongs} */
    private int slot(long[] words) {
        long hash = 0;
        for (long word : words) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        int slot = (int) hash & (table.length - 1);
        while (table[slot] != 0 && !isAt(table[slot] - 1, words)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private boolean isAt(int at, long[] words) {
        int from = (at & (PAGE - 1)) * width;
        return Arrays.equals(pages.get(at >>> PAGE_BITS), from, from + width, words, 0, width);
    }

    private void grow() {
        table = new int[table.length * 2];
        for (int at = 0; at < count; at++) {
            table[slot(words(at))] = at + 1;
        }
    }

    private long[] words(int at) {
        int from = (at & (PAGE - 1)) * width;
        return Arrays.copyOfRange(pages.get(at >>> PAGE_BITS), from, from + width);
    }

    /** Replays the transitions to a state, and from it to the violation. */
    private List<String> path(int last) {
        List<long[]> way = new ArrayList<>();
        for (int at = last; at > 0; at = origins.get(at >>> PAGE_BITS)[at & (PAGE - 1)]) {
            way.add(words(at));
        }
        Collections.reverse(way);
        List<String> path = new ArrayList<>();
        State state = State.initial(scenario);
        for (long[] words : way) {
            Transition transition = transitions.from(state).stream()
                    .filter(c -> Arrays.equals(c.next().packed(scenario), words))
                    .findFirst()
                    .orElseThrow();
            path.add(transition.toString());
            state = transition.next();
        }
        Transition end = transitions.from(state).stream()
                .filter(c -> c.next().violation != null)
                .findFirst()
                .orElseThrow();
        path.add(end + ". The key was " + end.next().violation);
        return path;
    }
}
