package dev.keywright.core.model;

/**
 * Writes. A write is one transition, its commit, because the row lock serializes writers and a commit becomes visible
 * atomically. The wait begins with the commit, which is the earliest possible moment.
 */
final class WriterActions {

    private static final int FIRST = 0;

    private final Scenario scenario;

    WriterActions(Scenario scenario) {
        this.scenario = scenario;
    }

    void addTransitions(State state, Successors successors) {
        if (!state.isUnavailable() && !state.writesPaused) {
            revoke(state, successors);
            revokeAgain(state, successors);
            issue(state, successors);
            writeAnother(state, successors);
            purge(state, successors);
        }
        returnToCaller(state, successors);
        deleteEvictionRecords(state, successors);
    }

    private void revoke(State state, Successors successors) {
        boolean all = scenario.allows(Event.REVOKE_ALL);
        if (!all && !scenario.allows(Event.REVOKE)) {
            return;
        }
        if (state.revoke.phase == Writer.BEFORE_COMMIT) {
            State next = state.copy();
            next.database.put(FIRST, KeyState.REVOKED, next.revoke.left);
            startWait(next.revoke, next, 1 << FIRST);
            successors.add(next, "revoke commits with the revision taken earlier");
            return;
        }
        if (state.revoke.phase != Writer.NOT_STARTED || state.database.keys[FIRST] != KeyState.ACTIVE) {
            return;
        }
        State next = state.copy();
        int revision = ++next.database.revision;
        if (scenario.has(Fault.REVISION_TAKEN_WITHOUT_A_LOCK)) {
            next.revoke.phase = Writer.BEFORE_COMMIT;
            next.revoke.left = revision;
            successors.add(next, "revoke takes a revision");
            return;
        }
        int keys = 0;
        for (int key = 0; key < (all ? scenario.keys() : 1); key++) {
            if (next.database.keys[key] == KeyState.ACTIVE) {
                // The eviction record of the tenant covers all its keys, so they are not stamped.
                next.database.put(key, KeyState.REVOKED, all ? next.database.changeRevision[key] : revision);
                keys |= 1 << key;
            }
        }
        if (all && !scenario.has(Fault.TENANT_WIDE_WRITE_WITHOUT_EVICTION)) {
            next.database.tenantEvictedAt = revision;
        }
        startWait(next.revoke, next, keys);
        next.revoke.revision = all ? revision : 0;
        successors.add(next, all ? "revokeAll commits" : "revoke commits");
    }

    private void revokeAgain(State state, Successors successors) {
        if (!scenario.allows(Event.REVOKE_AGAIN) || state.revokeAgain.phase != Writer.NOT_STARTED) {
            return;
        }
        boolean there = state.database.keys[FIRST] == KeyState.ACTIVE || state.database.keys[FIRST] == KeyState.REVOKED;
        if (!there || (state.revoke.phase != Writer.WAITING && state.revoke.phase != Writer.ABANDONED)) {
            return;
        }
        State next = state.copy();
        abandon(next.revoke);
        int revision = ++next.database.revision;
        boolean changes = state.database.keys[FIRST] == KeyState.ACTIVE;
        if (changes) {
            next.database.put(FIRST, KeyState.REVOKED, revision);
        }
        startWait(next.revokeAgain, next, 1 << FIRST);
        next.revokeAgain.left =
                !changes && scenario.has(Fault.NO_WAIT_WHERE_NOTHING_CHANGED) ? 0 : next.revokeAgain.left;
        successors.add(
                next,
                changes
                        ? "repeated revoke commits: the first was lost"
                        : "repeated revoke commits: the first caller died, already revoked");
    }

    private void issue(State state, Successors successors) {
        if (!scenario.allows(Event.ISSUE) || state.issue.phase != Writer.NOT_STARTED) {
            return;
        }
        State next = state.copy();
        int last = scenario.keys() - 1;
        next.database.insert(last, ++next.database.revision);
        startWait(next.issue, next, 1 << last);
        successors.add(next, "issue commits");
    }

    private void writeAnother(State state, Successors successors) {
        if (!scenario.allows(Event.OTHER_WRITE) || state.otherWriteDone == 1) {
            return;
        }
        State next = state.copy();
        next.otherWriteDone++;
        int last = scenario.keys() - 1;
        int revision = ++next.database.revision;
        if (last != FIRST && next.database.keys[last] == KeyState.ACTIVE) {
            next.database.put(last, KeyState.ACTIVE, revision);
        }
        successors.add(next, "another key is changed");
    }

    private void purge(State state, Successors successors) {
        if (!scenario.allows(Event.PURGE) || state.purge.phase != Writer.NOT_STARTED) {
            return;
        }
        State next = state.copy();
        int revision = ++next.database.revision;
        for (int key = 0; key < scenario.keys(); key++) {
            if (next.database.keys[key] == KeyState.REVOKED) {
                next.database.put(key, KeyState.UNKNOWN, 0);
                next.database.evictedAt[key] = scenario.has(Fault.PURGE_WITHOUT_EVICTION) ? 0 : revision;
            }
        }
        startWait(next.purge, next, 0);
        next.purge.revision = revision;
        successors.add(next, "purge deletes revoked keys");
    }

    /** Deletes eviction records after the wait. If the caller dies before, they stay. */
    private void deleteEvictionRecords(State state, Successors successors) {
        Writer[] writers = state.writers();
        for (int i = 0; i < writers.length; i++) {
            Writer now = writers[i];
            boolean early = scenario.has(Fault.EVICTIONS_DELETED_BEFORE_WAIT_ENDS) && now.phase == Writer.WAITING;
            if (now.revision == 0 || state.isUnavailable() || (now.phase != Writer.RETURNED && !early)) {
                continue;
            }
            State next = state.copy();
            Writer writer = next.writers()[i];
            next.database.deleteEvictionRecords(writer.revision);
            writer.revision = 0;
            writer.phase = early ? now.phase : Writer.RECORDS_DELETED;
            successors.add(next, "eviction records are deleted");
        }
    }

    private void startWait(Writer writer, State next, int keys) {
        writer.phase = Writer.WAITING;
        writer.left = next.database.leased ? scenario.wait(scenario.lease()) : 0;
        writer.keys = keys;
    }

    private void returnToCaller(State state, Successors successors) {
        if (hasWaited(state.revoke)) {
            State next = state.copy();
            next.revocationsReturned |= next.revoke.keys;
            next.revoke.phase = Writer.RETURNED;
            successors.add(next, "revoke RETURNS");
        }
        if (hasWaited(state.revokeAgain)) {
            State next = state.copy();
            next.revocationsReturned |= next.revokeAgain.keys;
            next.revokeAgain.phase = Writer.RETURNED;
            successors.add(next, "the repeated revoke RETURNS");
        }
        if (hasWaited(state.purge)) {
            State next = state.copy();
            next.purge.phase = Writer.RETURNED;
            successors.add(next, "purge has waited");
        }
        if (hasWaited(state.issue)) {
            State next = state.copy();
            next.issuesReturned |= next.issue.keys;
            next.issue.phase = Writer.RETURNED;
            successors.add(next, "issue RETURNS");
        }
    }

    private static boolean hasWaited(Writer writer) {
        return writer.phase == Writer.WAITING && writer.left == 0;
    }

    static void abandon(Writer writer) {
        writer.phase = Writer.ABANDONED;
        writer.left = 0;
        writer.keys = 0;
        writer.revision = 0;
    }
}
