package dev.keywright.core.model;

import java.util.Arrays;

/** How a node follows what is written, as {@code Heart} and {@code Entries} do. Beats come at any time, and as slowly as they like. */
final class Following {

    private final World world;

    Following(World world) {
        this.world = world;
    }

    void from(State state, int number, Choices choices) {
        switch (state.nodes[number].heart) {
            case Node.RESTS -> lookAtClock(state, number, choices);
            case Node.LOOKED_AT_CLOCK, Node.KEYS_READ, Node.ASKS_AGAIN -> ask(state, number, choices);
            case Node.POLLED -> decide(state, number, choices);
            case Node.DECIDED -> log(state, number, choices);
            case Node.LOGGED, Node.EXTENDED_ALREADY -> forget(state, number, choices);
            case Node.FORGOT -> extend(state, number, choices);
            default -> throw new IllegalStateException();
        }
        if (world.may(Event.NO_ROOM)) {
            makeRoom(state, number, choices);
        }
    }

    private void lookAtClock(State state, int number, Choices choices) {
        State next = state.copy();
        next.nodes[number].heart = Node.LOOKED_AT_CLOCK;
        choices.add(next, number, "looks at the clock");
        if (world.has(Fault.CACHES_BEFORE_THE_LEASE_IS_COMMITTED) && !state.database.leased) {
            State begun = state.copy();
            begun.database.leased = true;
            choices.add(begun, number, "commits the lease at last");
        }
    }

    private void ask(State state, int number, Choices choices) {
        Node now = state.nodes[number];
        if (state.isAway()) {
            fail(state, number, choices, "finds no database");
            return;
        }
        if (!now.begun && now.heart == Node.ASKS_AGAIN) {
            fail(state, number, choices, "finds its connection gone");
            return;
        }
        boolean begins = !now.begun && !world.has(Fault.CACHES_BEFORE_THE_LEASE_IS_COMMITTED);
        if (begins) {
            State next = state.copy();
            next.database.leased = true;
            next.nodes[number].begun = true;
            next.nodes[number].fresh = true;
            choices.add(next, number, "begins: the lease is committed");
        } else {
            poll(state, number, choices);
        }
        if (world.may(Event.FAILED_POLL)) {
            fail(state, number, choices, "gets no answer");
        }
    }

    /** The connection is given up; it begins again with the next beat. */
    private static void fail(State state, int number, Choices choices, String what) {
        State next = state.copy();
        next.nodes[number].endBeat();
        next.nodes[number].begun = false;
        choices.add(next, number, what);
    }

    private void poll(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        Database database = next.database;
        boolean keysFirst = world.has(Fault.POLL_OF_TWO_SNAPSHOTS) && node.heart != Node.KEYS_READ;
        int through = database.through(node.applied, world.page());
        if (node.heart != Node.KEYS_READ) {
            node.changed = database.changed(node.applied, through);
            node.tenantChanged = database.isTenantChanged(node.applied, through);
            node.inserted = database.isInsertedAbove(node.applied);
        }
        if (!keysFirst) {
            node.polledThrough = through;
            node.polledHead = database.revision;
            node.polledLease = database.leased
                    || world.has(Fault.CACHES_BEFORE_THE_LEASE_IS_COMMITTED)
                    || world.has(Fault.LEASE_THAT_NO_WRITER_KNOWS);
        }
        node.heart = keysFirst ? Node.KEYS_READ : Node.POLLED;
        boolean partial = !keysFirst && node.polledThrough < node.polledHead;
        choices.add(next, number, keysFirst ? "reads which keys have changed" : partial ? "polls a page" : "polls");
    }

    private void decide(State state, int number, Choices choices) {
        Node now = state.nodes[number];
        if (!now.polledLease) {
            State next = state.copy();
            next.nodes[number].leaseLeft = 0;
            fail(next, number, choices, "hears that no writer waits, and ends its lease");
            return;
        }
        boolean lapseCounts = !world.has(Fault.NO_FLUSH_AFTER_A_LAPSE)
                && !(now.laterPage && world.has(Fault.LAPSE_CHECKED_ON_THE_FIRST_PAGE_ALONE));
        boolean lapsed = now.leaseLeft == 0 && lapseCounts;
        boolean back = now.polledHead < now.applied && !world.has(Fault.NO_FLUSH_WHEN_THE_REVISION_WENT_BACK);
        boolean fresh = now.fresh && !world.has(Fault.NO_FLUSH_ON_A_NEW_CONNECTION);
        State next = state.copy();
        Node node = next.nodes[number];
        node.flush = lapsed || fresh || back;
        node.polledLease = false;
        if (world.has(Fault.LEASE_EXTENDED_BEFORE_FORGETTING)) {
            node.leaseLeft = Math.max(node.leaseLeft, world.lease() - node.sinceLook);
            apply(node);
            node.heart = Node.EXTENDED_ALREADY;
            choices.add(next, number, "extends its lease first");
            return;
        }
        node.heart = Node.DECIDED;
        choices.add(next, number, reason(lapsed, fresh, back));
    }

    private static String reason(boolean lapsed, boolean fresh, boolean back) {
        if (lapsed) {
            return "will forget everything: its lease has run out";
        } else if (fresh) {
            return "will forget everything: the connection is new";
        } else if (back) {
            return "will forget everything: the revision went back";
        }
        return "will forget what has changed";
    }

    /** One step with respect to fills: everything is forgotten; or what is going to be is logged, with the revision. */
    private void log(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        next.quiet = false;
        if (world.has(Fault.FORGOTTEN_BEFORE_IT_IS_LOGGED) && !node.flush) {
            node.changed = node.tenantChanged ? (1 << node.entries.length) - 1 : node.changed;
            forgetKeys(node, node.changed);
            node.heart = Node.EXTENDED_ALREADY;
            choices.add(next, number, "forgets before it logs");
            return;
        }
        String what = node.flush ? "forgets everything" : "logs what it will forget";
        apply(node);
        boolean done = node.changed == 0;
        node.heart = done ? Node.FORGOT : Node.LOGGED;
        choices.add(next, number, done && what.startsWith("logs") ? "logs that there is nothing to forget" : what);
    }

    private void apply(Node node) {
        if (node.flush) {
            flush(node);
            return;
        }
        int through = node.polledThrough;
        for (int key = 0; key < node.entries.length; key++) {
            if ((node.changed >> key & 1) == 1) {
                makeRoomInTheLog(node);
                node.evictedAt[key] = through;
            }
        }
        if (node.tenantChanged) {
            makeRoomInTheLog(node);
            node.tenantEvictedAt = through;
            node.changed = (1 << node.entries.length) - 1;
        }
        if (node.inserted && !world.has(Fault.UNKNOWN_TEXTS_KEPT)) {
            node.insertRevision = through;
            for (int key = 0; key < node.entries.length; key++) {
                if (node.entries[key] == Text.UNKNOWN) {
                    node.entries[key] = Text.NOT_REMEMBERED;
                }
            }
        }
        if (world.has(Fault.OTHER_KEY_FORGOTTEN)) {
            node.changed = (node.changed << 1 | node.changed >> 1) & ((1 << node.entries.length) - 1);
        }
        node.applied = through;
    }

    private static void flush(Node node) {
        node.nextEpoch();
        Arrays.fill(node.entries, Text.NOT_REMEMBERED);
        node.applied = node.polledHead;
        node.polledThrough = node.polledHead;
        node.forgetLog(node.applied);
        node.fresh = false;
        node.changed = 0;
    }

    /** What is dropped from the log was known up to the revision of the page before, which is what has been applied. */
    private void makeRoomInTheLog(Node node) {
        boolean full = node.tenantEvictedAt > 0;
        for (int at : node.evictedAt) {
            full |= at > 0;
        }
        if (world.may(Event.SHORT_LOG) && full) {
            int inserted = node.insertRevision;
            int before = node.logFrom;
            int newest = node.tenantEvictedAt;
            for (int at : node.evictedAt) {
                newest = Math.max(newest, at);
            }
            node.forgetLog(world.has(Fault.LOG_THAT_DROPS_IN_SILENCE) ? before : newest);
            node.insertRevision = inserted;
        }
    }

    /** Key by key: fills and hits come between them. */
    private void forget(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        boolean late = node.heart == Node.EXTENDED_ALREADY;
        if (late && world.has(Fault.FORGOTTEN_BEFORE_IT_IS_LOGGED)) {
            apply(node);
            node.changed = 0;
        }
        int one = Integer.lowestOneBit(node.changed);
        forgetKeys(node, one);
        node.changed &= ~one;
        if (node.changed != 0) {
            choices.add(next, number, "forgets a key");
        } else if (late && world.has(Fault.LEASE_EXTENDED_BEFORE_FORGETTING)) {
            node.endBeat();
            choices.add(next, number, "forgets, late");
        } else {
            node.heart = Node.FORGOT;
            choices.add(next, number, late ? "logs, late" : "forgets what has changed");
        }
    }

    private static void forgetKeys(Node node, int keys) {
        for (int key = 0; key < node.entries.length; key++) {
            if ((keys >> key & 1) == 1) {
                node.entries[key] = Text.NOT_REMEMBERED;
            }
        }
    }

    private void extend(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        boolean partial = node.polledThrough < node.polledHead;
        if (partial && !world.has(Fault.LEASE_EXTENDED_AFTER_THE_FIRST_PAGE)) {
            node.forgetPoll();
            node.laterPage = true;
            node.heart = Node.ASKS_AGAIN;
            choices.add(next, number, "asks for the next page");
            return;
        }
        int since = world.has(Fault.LEASE_FROM_AFTER_THE_POLL) ? 0 : node.sinceLook;
        node.leaseLeft = Math.max(node.leaseLeft, world.lease() - since);
        node.endBeat();
        choices.add(next, number, "extends its lease");
    }

    private static void makeRoom(State state, int number, Choices choices) {
        for (int key = 0; key < state.nodes[number].entries.length; key++) {
            if (state.nodes[number].entries[key] != Text.NOT_REMEMBERED) {
                State next = state.copy();
                next.nodes[number].entries[key] = Text.NOT_REMEMBERED;
                choices.add(next, number, "drops an entry for want of room");
            }
        }
    }
}
