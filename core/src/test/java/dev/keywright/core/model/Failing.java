package dev.keywright.core.model;

/** What goes wrong outside: the primary dies and its last commits with it, or a node's machine stands still for a while. */
final class Failing {

    private final World world;

    Failing(World world) {
        this.world = world;
    }

    void from(State state, Choices choices) {
        if (world.may(Event.FAIL_OVER) || world.may(Event.QUICK_FAIL_OVER) || world.may(Event.QUIET_FAIL_OVER)) {
            failOver(state, choices);
        }
        if (world.may(Event.LAGGING_REPLICA) && state.standby == null) {
            State next = state.copy();
            next.standby = next.database.copy();
            choices.add(next, "the replica copies for the last time");
        }
        if (world.suspends()) {
            for (int node = 0; node < state.nodes.length; node++) {
                suspend(state, node, choices);
            }
        }
    }

    private void failOver(State state, Choices choices) {
        if (state.standby == null && !state.failedOver) {
            State next = state.copy();
            next.standby = next.database.copy();
            choices.add(next, "the standby copies for the last time");
        }
        Database standby = state.standby;
        if (standby == null || !state.database.differsFrom(standby)) {
            return;
        }
        if (world.may(Event.QUIET_FAIL_OVER) && !hasHeardOfAll(state)) {
            return;
        }
        State next = state.copy();
        next.database = standby.copy();
        next.standby = null;
        next.failedOver = true;
        next.away = world.may(Event.FAIL_OVER) ? world.outage() : 0;
        next.quiet = world.may(Event.QUIET_FAIL_OVER);
        if (world.may(Event.QUICK_FAIL_OVER) || world.suspends()) {
            // Whoever was connected to the first server finds that out when they ask. Elsewhere, something in between
            // hides it.
            for (Node node : next.nodes) {
                node.begun = false;
            }
        }
        forgetWhatWasLost(next);
        choices.add(next, "FAIL-OVER: what was committed since the copy is lost");
    }

    private static boolean hasHeardOfAll(State state) {
        for (Node node : state.nodes) {
            if (node.heart != Node.RESTS || node.applied != state.database.revision) {
                return false;
            }
        }
        return true;
    }

    /** The promise is about commits that last: what is lost counts as never done, and may be done again. */
    private static void forgetWhatWasLost(State next) {
        for (int key = 0; key < next.database.keys.length; key++) {
            boolean issueLost = next.database.keys[key] == Text.UNKNOWN && next.purge.at == Writer.NOT_YET;
            boolean revocationLost = next.database.keys[key] == Text.ACTIVE || issueLost;
            if (revocationLost) {
                next.revokedForGood &= ~(1 << key);
                goneIfAbout(key, next.revoke);
                goneIfAbout(key, next.revokeAgain);
            }
            if (issueLost) {
                next.issuedForGood &= ~(1 << key);
                goneIfAbout(key, next.issue);
            }
        }
        for (Node node : next.nodes) {
            for (Verification verification : node.verifications) {
                verification.due = false;
                verification.late &= (next.revokedForGood >> verification.key & 1) == 1;
            }
        }
    }

    private static void goneIfAbout(int key, Writer writer) {
        if ((writer.at == Writer.WAITING || writer.at == Writer.RETURNED || writer.at == Writer.CLEANED_UP)
                && (writer.keys >> key & 1) == 1) {
            Writing.gone(writer);
        }
    }

    private void suspend(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        if (node.suspended) {
            node.suspended = false;
            choices.add(next, number, "the machine goes on");
            return;
        }
        node.suspended = true;
        if (world.isExcused()) {
            boolean answered = node.heart != Node.RESTS && node.heart != Node.LOOKED_AT_CLOCK;
            int underWay = answered && world.may(Event.SUSPENSION) ? world.lease() - node.sinceLook : 0;
            node.excused = Math.max(node.leaseLeft, underWay);
        }
        choices.add(next, number, "the machine is SUSPENDED");
    }
}
