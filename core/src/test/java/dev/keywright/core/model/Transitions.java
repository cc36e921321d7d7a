package dev.keywright.core.model;

import dev.keywright.core.model.Successors.Transition;
import java.util.List;

/**
 * The next-state relation of the model: the passage of time, and the actions of writers, failures, pollers and
 * verifiers.
 */
final class Transitions {

    private final Scenario scenario;
    private final WriterActions writers;
    private final FailureActions failures;
    private final PollerActions pollers;
    private final VerifierActions verifiers;

    Transitions(Scenario scenario) {
        this.scenario = scenario;
        this.writers = new WriterActions(scenario);
        this.failures = new FailureActions(scenario);
        this.pollers = new PollerActions(scenario);
        this.verifiers = new VerifierActions(scenario);
    }

    List<Transition> from(State state) {
        Successors successors = new Successors();
        passTime(state, successors);
        writers.addTransitions(state, successors);
        failures.addTransitions(state, successors);
        for (int node = 0; node < state.nodes.length; node++) {
            if (!state.nodes[node].suspended) {
                pollers.addTransitions(state, node, successors);
                verifiers.addTransitions(state, node, successors);
            }
        }
        return successors.all();
    }

    /** Clocks with several rates choose one in each tick; all nodes choose the same, as do all writers. */
    private void passTime(State state, Successors successors) {
        for (int nodes : scenario.nodeRates()) {
            for (int writers : scenario.writerRates()) {
                State next = state.copy();
                for (Node node : next.nodes) {
                    passTime(node, nodes);
                }
                for (Writer writer : next.writers()) {
                    writer.left = Math.max(0, writer.left - writers);
                }
                next.outage = Math.max(0, next.outage - 1);
                successors.add(next, "time passes");
            }
        }
    }

    private void passTime(Node node, int units) {
        if (node.suspended) {
            return;
        }
        node.leaseLeft = Math.max(0, node.leaseLeft - units);
        node.excused = Math.max(0, node.excused - units);
        if (node.poller != Node.IDLE) {
            node.sinceClockRead = Math.min(scenario.lease(), node.sinceClockRead + units);
        }
    }
}
