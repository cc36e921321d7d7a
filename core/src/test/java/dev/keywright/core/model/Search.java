package dev.keywright.core.model;

import dev.keywright.core.model.Choices.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Goes through all states of a world, the nearest first, until one is reached that must not be, or no new one is left. */
final class Search {

    private static final int PAGE_BITS = 16;
    private static final int PAGE = 1 << PAGE_BITS;

    private final World world;
    private final Steps steps;
    private final int width;

    /** The states in the order in which they were reached, packed, and from which each was; in pages, so as to grow. */
    private final List<long[]> pages = new ArrayList<>();

    private final List<int[]> origins = new ArrayList<>();
    private int count;

    /** Where a state is in that order, plus one; zero where there is none. Open addressing. */
    private int[] table = new int[1 << 16];

    private final Set<String> happened = new HashSet<>();

    /**
     * What came of it.
     *
     * @param path how the violation comes about; empty where there is none
     * @param happened all kinds of steps that were made
     */
    record Outcome(int states, List<String> path, Set<String> happened) {}

    Search(World world) {
        this.world = world;
        this.steps = new Steps(world);
        this.width = State.words(world);
    }

    /** @throws IllegalStateException if there are more states than it may look at */
    Outcome run(int mostStates) {
        reach(State.atTheStart(world).packed(world), -1);
        for (int at = 0; at < count; at++) {
            if (count > mostStates) {
                throw new IllegalStateException(world + " has more than " + mostStates + " states");
            }
            for (Choice choice : steps.from(State.unpacked(words(at), world))) {
                happened.add(choice.what());
                if (choice.next().violation != null) {
                    return new Outcome(count, path(at), happened);
                }
                reach(choice.next().packed(world), at);
            }
        }
        return new Outcome(count, List.of(), happened);
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

    /** Where a state is in the table, or would be. */
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

    /** Goes the way to a state again, and the step to the violation, and says what happens. */
    private List<String> path(int last) {
        List<long[]> way = new ArrayList<>();
        for (int at = last; at > 0; at = origins.get(at >>> PAGE_BITS)[at & (PAGE - 1)]) {
            way.add(words(at));
        }
        Collections.reverse(way);
        List<String> path = new ArrayList<>();
        State state = State.atTheStart(world);
        for (long[] words : way) {
            Choice choice = steps.from(state).stream()
                    .filter(c -> Arrays.equals(c.next().packed(world), words))
                    .findFirst()
                    .orElseThrow();
            path.add(choice.toString());
            state = choice.next();
        }
        Choice end = steps.from(state).stream()
                .filter(c -> c.next().violation != null)
                .findFirst()
                .orElseThrow();
        path.add(end + ". The key was " + end.next().violation);
        return path;
    }
}
