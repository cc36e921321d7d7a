package dev.keywright.core.model;

/** Failures of the environment: a fail-over that loses commits, a replica that lags, a suspended machine. */
final class FailureActions {

    private final Scenario scenario;

    FailureActions(Scenario scenario) {
        this.scenario = scenario;
    }

    void addTransitions(State state, Successors successors) {
        if (scenario.allows(Event.FAIL_OVER)
                || scenario.allows(Event.QUICK_FAIL_OVER)
                || scenario.allows(Event.LATE_FAIL_OVER)) {
            failOver(state, successors);
        }
        if (scenario.allows(Event.LAGGING_REPLICA) && state.standby == null) {
            State next = state.copy();
            next.standby = next.database.copy();
            successors.add(next, "the replica stops replicating");
        }
        if (scenario.suspends()) {
            for (int node = 0; node < state.nodes.length; node++) {
                suspend(state, node, successors);
            }
        }
    }

    private void failOver(State state, Successors successors) {
        if (state.standby == null && !state.failedOver) {
            State next = state.copy();
            next.standby = next.database.copy();
            successors.add(next, "the standby stops replicating");
        }
        Database standby = state.standby;
        if (standby == null || !state.database.differsFrom(standby)) {
            return;
        }
        if (scenario.allows(Event.LATE_FAIL_OVER) && !allNodesAreCurrent(state)) {
            return;
        }
        State next = state.copy();
        next.database = standby.copy();
        next.standby = null;
        next.failedOver = true;
        next.outage = scenario.allows(Event.FAIL_OVER) ? scenario.outage() : 0;
        next.writesPaused = scenario.allows(Event.LATE_FAIL_OVER);
        if (scenario.allows(Event.QUICK_FAIL_OVER) || scenario.suspends()) {
            // Nodes notice when they poll that their connections are closed. In the other scenarios, a proxy hides the
            // fail-over.
            for (Node node : next.nodes) {
                node.connected = false;
            }
        }
        dropLostWrites(next);
        successors.add(next, "FAIL-OVER: commits since the copy are lost");
    }

    private static boolean allNodesAreCurrent(State state) {
        for (Node node : state.nodes) {
            if (node.poller != Node.IDLE || node.applied != state.database.revision) {
                return false;
            }
        }
        return true;
    }

    /** The promise covers durable commits: a lost write counts as not made, and may be repeated. */
    private static void dropLostWrites(State next) {
        for (int key = 0; key < next.database.keys.length; key++) {
            boolean issueLost = next.database.keys[key] == KeyState.UNKNOWN && next.purge.phase == Writer.NOT_STARTED;
            boolean revocationLost = next.database.keys[key] == KeyState.ACTIVE || issueLost;
            if (revocationLost) {
                next.revocationsReturned &= ~(1 << key);
                abandonIfAbout(key, next.revoke);
                abandonIfAbout(key, next.revokeAgain);
            }
            if (issueLost) {
                next.issuesReturned &= ~(1 << key);
                abandonIfAbout(key, next.issue);
            }
        }
        for (Node node : next.nodes) {
            for (Verification verification : node.verifications) {
                verification.mustAccept = false;
                verification.mustReject &= (next.revocationsReturned >> verification.key & 1) == 1;
            }
        }
    }

    private static void abandonIfAbout(int key, Writer writer) {
        if ((writer.phase == Writer.WAITING
                        || writer.phase == Writer.RETURNED
                        || writer.phase == Writer.RECORDS_DELETED)
                && (writer.keys >> key & 1) == 1) {
            WriterActions.abandon(writer);
        }
    }

    private void suspend(State state, int number, Successors successors) {
        State next = state.copy();
        Node node = next.nodes[number];
        if (node.suspended) {
            node.suspended = false;
            successors.add(next, number, "the machine resumes");
            return;
        }
        node.suspended = true;
        if (scenario.isExcused()) {
            boolean answered = node.poller != Node.IDLE && node.poller != Node.CLOCK_READ;
            int underWay = answered && scenario.allows(Event.SUSPENSION) ? scenario.lease() - node.sinceClockRead : 0;
            node.excused = Math.max(node.leaseLeft, underWay);
        }
        successors.add(next, number, "the machine is SUSPENDED");
    }
}
