package dev.keywright.core.model;

import dev.keywright.core.model.Choices.Choice;
import java.util.List;

/** All that can happen next: time passes, somebody writes, the database fails, a node follows, verifies, or stands still. */
final class Steps {

    private final World world;
    private final Writing writing;
    private final Failing failing;
    private final Following following;
    private final Verifying verifying;

    Steps(World world) {
        this.world = world;
        this.writing = new Writing(world);
        this.failing = new Failing(world);
        this.following = new Following(world);
        this.verifying = new Verifying(world);
    }

    List<Choice> from(State state) {
        Choices choices = new Choices();
        passTime(state, choices);
        writing.from(state, choices);
        failing.from(state, choices);
        for (int node = 0; node < state.nodes.length; node++) {
            if (!state.nodes[node].suspended) {
                following.from(state, node, choices);
                verifying.from(state, node, choices);
            }
        }
        return choices.all();
    }

    /** Where clocks can run at several rates, they choose anew with each tick; those of all nodes alike, and of all writers. */
    private void passTime(State state, Choices choices) {
        for (int nodes : world.nodeRates()) {
            for (int writers : world.writerRates()) {
                State next = state.copy();
                for (Node node : next.nodes) {
                    passTime(node, nodes);
                }
                for (Writer writer : next.writers()) {
                    writer.left = Math.max(0, writer.left - writers);
                }
                next.away = Math.max(0, next.away - 1);
                choices.add(next, "time passes");
            }
        }
    }

    private void passTime(Node node, int units) {
        if (node.suspended) {
            return;
        }
        node.leaseLeft = Math.max(0, node.leaseLeft - units);
        node.excused = Math.max(0, node.excused - units);
        if (node.heart != Node.RESTS) {
            node.sinceLook = Math.min(world.lease(), node.sinceLook + units);
        }
    }
}
