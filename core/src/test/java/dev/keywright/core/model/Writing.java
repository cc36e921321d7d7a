package dev.keywright.core.model;

/**
 * Those who write. A write is one step, its commit: the lock on the row puts all writers in one order, and what they commit is
 * seen at once or not at all. The wait begins with the commit, which is as early as it can.
 */
final class Writing {

    private static final int FIRST = 0;

    private final World world;

    Writing(World world) {
        this.world = world;
    }

    void from(State state, Choices choices) {
        if (!state.isAway() && !state.quiet) {
            revoke(state, choices);
            revokeAgain(state, choices);
            issue(state, choices);
            writeAnother(state, choices);
            purge(state, choices);
        }
        returnToCallers(state, choices);
        forgetEvictions(state, choices);
    }

    private void revoke(State state, Choices choices) {
        boolean all = world.may(Event.REVOKE_ALL);
        if (!all && !world.may(Event.REVOKE)) {
            return;
        }
        if (state.revoke.at == Writer.BEFORE_COMMIT) {
            State next = state.copy();
            next.database.put(FIRST, Text.REVOKED, next.revoke.left);
            waits(next.revoke, next, 1 << FIRST);
            choices.add(next, "revoke commits the revision that it took");
            return;
        }
        if (state.revoke.at != Writer.NOT_YET || state.database.keys[FIRST] != Text.ACTIVE) {
            return;
        }
        State next = state.copy();
        int revision = ++next.database.revision;
        if (world.has(Fault.REVISION_TAKEN_WITHOUT_A_LOCK)) {
            next.revoke.at = Writer.BEFORE_COMMIT;
            next.revoke.left = revision;
            choices.add(next, "revoke takes a revision");
            return;
        }
        int keys = 0;
        for (int key = 0; key < (all ? world.keys() : 1); key++) {
            if (next.database.keys[key] == Text.ACTIVE) {
                // The record of the tenant tells of all keys, whose own stamps stay.
                next.database.put(key, Text.REVOKED, all ? next.database.changeRevision[key] : revision);
                keys |= 1 << key;
            }
        }
        if (all && !world.has(Fault.TENANT_WIDE_WRITE_WITHOUT_EVICTION)) {
            next.database.tenantEvictedAt = revision;
        }
        waits(next.revoke, next, keys);
        next.revoke.revision = all ? revision : 0;
        choices.add(next, all ? "revokeAll commits" : "revoke commits");
    }

    private void revokeAgain(State state, Choices choices) {
        if (!world.may(Event.REVOKE_AGAIN) || state.revokeAgain.at != Writer.NOT_YET) {
            return;
        }
        boolean there = state.database.keys[FIRST] == Text.ACTIVE || state.database.keys[FIRST] == Text.REVOKED;
        if (!there || (state.revoke.at != Writer.WAITING && state.revoke.at != Writer.GONE)) {
            return;
        }
        State next = state.copy();
        gone(next.revoke);
        int revision = ++next.database.revision;
        boolean changes = state.database.keys[FIRST] == Text.ACTIVE;
        if (changes) {
            next.database.put(FIRST, Text.REVOKED, revision);
        }
        waits(next.revokeAgain, next, 1 << FIRST);
        next.revokeAgain.left = !changes && world.has(Fault.NO_WAIT_WHERE_NOTHING_CHANGED) ? 0 : next.revokeAgain.left;
        choices.add(
                next,
                changes
                        ? "revoke is called again, since it was lost: commits"
                        : "whoever revoked is gone; revoke is called again: already revoked, commits");
    }

    private void issue(State state, Choices choices) {
        if (!world.may(Event.ISSUE) || state.issue.at != Writer.NOT_YET) {
            return;
        }
        State next = state.copy();
        int last = world.keys() - 1;
        next.database.insert(last, ++next.database.revision);
        waits(next.issue, next, 1 << last);
        choices.add(next, "issue commits");
    }

    private void writeAnother(State state, Choices choices) {
        if (!world.may(Event.OTHER_WRITE) || state.othersWritten == 1) {
            return;
        }
        State next = state.copy();
        next.othersWritten++;
        int last = world.keys() - 1;
        int revision = ++next.database.revision;
        if (last != FIRST && next.database.keys[last] == Text.ACTIVE) {
            next.database.put(last, Text.ACTIVE, revision);
        }
        choices.add(next, "another key is changed");
    }

    private void purge(State state, Choices choices) {
        if (!world.may(Event.PURGE) || state.purge.at != Writer.NOT_YET) {
            return;
        }
        State next = state.copy();
        int revision = ++next.database.revision;
        for (int key = 0; key < world.keys(); key++) {
            if (next.database.keys[key] == Text.REVOKED) {
                next.database.put(key, Text.UNKNOWN, 0);
                next.database.evictedAt[key] = world.has(Fault.PURGE_WITHOUT_EVICTION) ? 0 : revision;
            }
        }
        waits(next.purge, next, 0);
        next.purge.revision = revision;
        choices.add(next, "purge removes what is revoked");
    }

    /** After the wait, which belongs to the write; whoever dies before leaves the records where they are. */
    private void forgetEvictions(State state, Choices choices) {
        for (int i = 0; i < state.writers().length; i++) {
            Writer now = state.writers()[i];
            boolean early = world.has(Fault.EVICTIONS_DELETED_BEFORE_THE_WAIT_IS_OVER) && now.at == Writer.WAITING;
            if (now.revision == 0 || state.isAway() || (now.at != Writer.RETURNED && !early)) {
                continue;
            }
            State next = state.copy();
            Writer writer = next.writers()[i];
            next.database.forgetEvictions(writer.revision);
            writer.revision = 0;
            writer.at = early ? now.at : Writer.CLEANED_UP;
            choices.add(next, "records of evictions are deleted");
        }
    }

    private void waits(Writer writer, State next, int keys) {
        writer.at = Writer.WAITING;
        writer.left = next.database.leased ? world.wait(world.lease()) : 0;
        writer.keys = keys;
    }

    private void returnToCallers(State state, Choices choices) {
        if (isOver(state.revoke)) {
            State next = state.copy();
            next.revokedForGood |= next.revoke.keys;
            next.revoke.at = Writer.RETURNED;
            choices.add(next, "revoke RETURNS");
        }
        if (isOver(state.revokeAgain)) {
            State next = state.copy();
            next.revokedForGood |= next.revokeAgain.keys;
            next.revokeAgain.at = Writer.RETURNED;
            choices.add(next, "the repeated revoke RETURNS");
        }
        if (isOver(state.purge)) {
            State next = state.copy();
            next.purge.at = Writer.RETURNED;
            choices.add(next, "purge has waited");
        }
        if (isOver(state.issue)) {
            State next = state.copy();
            next.issuedForGood |= next.issue.keys;
            next.issue.at = Writer.RETURNED;
            choices.add(next, "issue RETURNS");
        }
    }

    private static boolean isOver(Writer writer) {
        return writer.at == Writer.WAITING && writer.left == 0;
    }

    static void gone(Writer writer) {
        writer.at = Writer.GONE;
        writer.left = 0;
        writer.keys = 0;
        writer.revision = 0;
    }
}
