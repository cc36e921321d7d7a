package dev.keywright.core.model;

import java.util.ArrayList;
import java.util.List;

/** Possible transitions from one state. */
final class Successors {

    private final List<Transition> successors = new ArrayList<>();

    /**
     * A transition.
     *
     * @param node index of the node that makes it; -1 if it is not made by a node
     * @param detail rest of the description, kept apart because concatenation for millions of transitions would be slow
     */
    record Transition(State next, int node, String label, String detail) {

        @Override
        public String toString() {
            return (node < 0 ? "" : "node " + (char) ('A' + node) + ": ") + label + detail;
        }
    }

    void add(State next, String label) {
        successors.add(new Transition(next, -1, label, ""));
    }

    void add(State next, int node, String label) {
        successors.add(new Transition(next, node, label, ""));
    }

    void add(State next, int node, String label, String detail) {
        successors.add(new Transition(next, node, label, detail));
    }

    List<Transition> all() {
        return successors;
    }
}
