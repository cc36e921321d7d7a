package dev.keywright.core.model;

/** How a node follows what is written, as {@code Heart} and {@code Entries} do. Beats come at any time, and as slowly as they like. */
final class Following {

    private final World world;

    Following(World world) {
        this.world = world;
    }

    void from(State state, int number, Choices choices) {
        switch (state.nodes[number].heart) {
            case Node.RESTS -> lookAtClock(state, number, choices);
            case Node.LOOKED_AT_CLOCK, Node.KEYS_READ -> ask(state, number, choices);
            case Node.POLLED -> decide(state, number, choices);
            case Node.DECIDED -> forget(state, number, choices);
            case Node.FORGOT -> extend(state, number, choices);
            case Node.EXTENDED_ALREADY -> forgetTooLate(state, number, choices);
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
        boolean keysFirst = world.has(Fault.POLL_OF_TWO_SNAPSHOTS) && state.nodes[number].heart != Node.KEYS_READ;
        int changed = state.nodes[number].heart == Node.KEYS_READ
                ? state.nodes[number].changed
                : state.database.changedSince(state.nodes[number].applied);
        boolean tooMany = Integer.bitCount(changed) >= world.mostChanges();
        // A store may tell of any of them, if they are too many.
        int one = changed == 3 && world.mostChanges() == 1 ? 1 : changed;
        for (int told = one; told <= changed; told++) {
            State next = state.copy();
            Node node = next.nodes[number];
            node.heart = keysFirst ? Node.KEYS_READ : Node.POLLED;
            node.changed = told == 3 && world.mostChanges() == 1 ? 2 : told;
            if (!keysFirst) {
                node.polledRevision = next.database.revision;
                node.polledFloor = next.database.floor;
                node.polledLease = next.database.leased
                        || world.has(Fault.CACHES_BEFORE_THE_LEASE_IS_COMMITTED)
                        || world.has(Fault.LEASE_THAT_NO_WRITER_KNOWS);
                node.tooMany = tooMany;
            }
            choices.add(next, number, keysFirst ? "reads which keys have changed" : "polls");
        }
    }

    private void decide(State state, int number, Choices choices) {
        Node now = state.nodes[number];
        if (!now.polledLease) {
            State next = state.copy();
            next.nodes[number].leaseLeft = 0;
            fail(next, number, choices, "hears that no writer waits, and ends its lease");
            return;
        }
        boolean lapsed = now.leaseLeft == 0 && !world.has(Fault.NO_FLUSH_AFTER_A_LAPSE);
        boolean back = now.polledRevision < now.applied && !world.has(Fault.NO_FLUSH_WHEN_THE_REVISION_WENT_BACK);
        boolean tooMany = now.tooMany && !world.has(Fault.NO_FLUSH_AFTER_TOO_MANY_CHANGES);
        boolean fresh = now.fresh && !world.has(Fault.NO_FLUSH_ON_A_NEW_CONNECTION);
        boolean above = now.polledFloor > now.applied;
        State next = state.copy();
        Node node = next.nodes[number];
        node.flush = lapsed || fresh || above || back || tooMany;
        node.polledFloor = 0;
        node.tooMany = false;
        node.polledLease = false;
        if (world.has(Fault.LEASE_EXTENDED_BEFORE_FORGETTING)) {
            node.leaseLeft = Math.max(node.leaseLeft, world.lease() - node.sinceLook);
            node.heart = Node.EXTENDED_ALREADY;
            choices.add(next, number, "extends its lease first");
            return;
        }
        node.heart = Node.DECIDED;
        choices.add(next, number, reason(lapsed, fresh, above, back, tooMany));
    }

    private static String reason(boolean lapsed, boolean fresh, boolean above, boolean back, boolean tooMany) {
        if (lapsed) {
            return "will forget everything: its lease has run out";
        } else if (fresh) {
            return "will forget everything: the connection is new";
        } else if (above) {
            return "will forget everything: the floor is above";
        } else if (back) {
            return "will forget everything: the revision went back";
        } else if (tooMany) {
            return "will forget everything: too many changes";
        }
        return "will forget what has changed";
    }

    private void forget(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        apply(node);
        node.heart = Node.FORGOT;
        if (world.has(Fault.LEASE_FROM_AFTER_THE_POLL)) {
            node.sinceLook = 0;
        }
        next.quiet = false;
        choices.add(next, number, node.flush ? "forgets everything" : "forgets what has changed");
        node.forgetPoll();
    }

    private void apply(Node node) {
        if (!world.has(Fault.GENERATION_NOT_RAISED)) {
            node.nextGeneration();
        }
        int evicted = world.has(Fault.OTHER_KEY_FORGOTTEN) ? node.changed << 1 | node.changed >> 1 : node.changed;
        boolean anyWritten = node.polledRevision > node.applied && !world.has(Fault.UNKNOWN_TEXTS_KEPT);
        for (int key = 0; key < node.entries.length; key++) {
            boolean unknown = node.entries[key] == Text.UNKNOWN;
            boolean evict = unknown ? anyWritten : (evicted >> key & 1) == 1;
            if (node.flush || evict) {
                node.entries[key] = Text.NOT_REMEMBERED;
            }
        }
        node.applied = node.polledRevision;
        node.fresh = false;
    }

    private void extend(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        node.leaseLeft = Math.max(node.leaseLeft, world.lease() - node.sinceLook);
        node.endBeat();
        choices.add(next, number, "extends its lease");
    }

    private void forgetTooLate(State state, int number, Choices choices) {
        State next = state.copy();
        Node node = next.nodes[number];
        apply(node);
        node.endBeat();
        choices.add(next, number, "forgets, late");
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
