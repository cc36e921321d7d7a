package dev.keywright.core.model;

import java.util.ArrayList;
import java.util.List;

/** The steps that can come next, each with the state that it leads to. */
final class Choices {

    private final List<Choice> choices = new ArrayList<>();

    /**
     * A step.
     *
     * @param node which node makes it; -1 where none does
     * @param more what else there is to say; apart, since there are millions of them, of which few are ever told
     */
    record Choice(State next, int node, String what, String more) {

        @Override
        public String toString() {
            return (node < 0 ? "" : "node " + (char) ('A' + node) + ": ") + what + more;
        }
    }

    void add(State next, String what) {
        choices.add(new Choice(next, -1, what, ""));
    }

    void add(State next, int node, String what) {
        choices.add(new Choice(next, node, what, ""));
    }

    void add(State next, int node, String what, String more) {
        choices.add(new Choice(next, node, what, more));
    }

    List<Choice> all() {
        return choices;
    }
}
