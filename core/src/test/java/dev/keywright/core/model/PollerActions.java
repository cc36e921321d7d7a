package dev.keywright.core.model;

import java.util.Arrays;

/**
 * The polls of a node, as in {@code RevisionPoller} and {@code KeyCache}. They may come at any time and take any time.
 */
final class PollerActions {

    private final Scenario scenario;

    PollerActions(Scenario scenario) {
        this.scenario = scenario;
    }

    void addTransitions(State state, int number, Successors successors) {
        switch (state.nodes[number].poller) {
            case Node.IDLE -> readClock(state, number, successors);
            case Node.CLOCK_READ, Node.KEYS_READ, Node.REVISION_READ, Node.NEXT_PAGE ->
                connectOrPoll(state, number, successors);
            case Node.POLLED -> decide(state, number, successors);
            case Node.DECIDED -> log(state, number, successors);
            case Node.LOGGED, Node.EXTENDED_ALREADY -> evict(state, number, successors);
            case Node.EVICTED -> extend(state, number, successors);
            default -> throw new IllegalStateException();
        }
        if (scenario.allows(Event.LIMITED_ROOM)) {
            evictForRoom(state, number, successors);
        }
    }

    private void readClock(State state, int number, Successors successors) {
        State next = state.copy();
        next.nodes[number].poller = Node.CLOCK_READ;
        successors.add(next, number, "reads the clock");
        if (scenario.has(Fault.CACHES_BEFORE_LEASE_COMMITS) && !state.database.leased) {
            State connected = state.copy();
            connected.database.leased = true;
            successors.add(connected, number, "commits the lease late");
        }
    }

    private void connectOrPoll(State state, int number, Successors successors) {
        Node now = state.nodes[number];
        if (state.isUnavailable()) {
            fail(state, number, successors, "cannot reach the database");
            return;
        }
        if (!now.connected && (now.poller == Node.NEXT_PAGE || now.poller == Node.REVISION_READ)) {
            fail(state, number, successors, "finds its connection closed");
            return;
        }
        boolean begins = !now.connected && !scenario.has(Fault.CACHES_BEFORE_LEASE_COMMITS);
        if (begins) {
            State next = state.copy();
            next.database.leased = true;
            next.nodes[number].connected = true;
            next.nodes[number].newConnection = true;
            successors.add(next, number, "opens the change feed: the lease is committed");
        } else {
            poll(state, number, successors);
        }
        if (scenario.allows(Event.FAILED_POLL)) {
            fail(state, number, successors, "gets no response");
        }
    }

    /** Closes the connection. The next poll opens another. */
    private static void fail(State state, int number, Successors successors, String label) {
        State next = state.copy();
        next.nodes[number].endPoll();
        next.nodes[number].connected = false;
        successors.add(next, number, label);
    }

    private void poll(State state, int number, Successors successors) {
        State next = state.copy();
        Node node = next.nodes[number];
        Database database = next.database;
        if (scenario.allows(Event.REVISION_READ_FIRST) && node.poller != Node.REVISION_READ) {
            readRevision(node, database);
            node.poller = Node.REVISION_READ;
            successors.add(next, number, "reads the revision");
        } else if (scenario.has(Fault.REVISION_READ_LAST_BY_POLLS) && node.poller != Node.KEYS_READ) {
            readChanges(node, database);
            node.poller = Node.KEYS_READ;
            successors.add(next, number, "reads the changed keys");
        } else {
            if (node.poller != Node.REVISION_READ) {
                readRevision(node, database);
            }
            if (node.poller != Node.KEYS_READ) {
                readChanges(node, database);
            }
            int through = database.through(node.applied, scenario.page());
            node.pageThrough = Math.min(through, node.pageHead);
            if (through < database.revision) {
                // A full page: a key that was cut off may have an earlier change, too.
                node.pageHead = database.revision;
            }
            node.poller = Node.POLLED;
            successors.add(next, number, node.pageThrough < node.pageHead ? "polls a page" : "polls");
        }
    }

    private void readRevision(Node node, Database database) {
        node.pageHead = database.revision;
        node.pageLeased = database.leased
                || scenario.has(Fault.CACHES_BEFORE_LEASE_COMMITS)
                || scenario.has(Fault.LEASE_UNKNOWN_TO_WRITERS);
    }

    /** May read changes above the revision that was read before: the key that changed there may have changed below, too. */
    private void readChanges(Node node, Database database) {
        int through = database.through(node.applied, scenario.page());
        node.changed = database.changed(node.applied, through);
        node.tenantChanged = database.isTenantChanged(node.applied, through);
        node.inserted = database.isInsertedAbove(node.applied);
    }

    private void decide(State state, int number, Successors successors) {
        Node now = state.nodes[number];
        if (!now.pageLeased) {
            State next = state.copy();
            next.nodes[number].leaseLeft = 0;
            fail(next, number, successors, "learns that writers do not wait, and ends its lease");
            return;
        }
        boolean lapseCounts = !scenario.has(Fault.NO_FLUSH_AFTER_A_LAPSE)
                && !(now.laterPage && scenario.has(Fault.LAPSE_CHECKED_ON_FIRST_PAGE_ONLY));
        boolean lapsed = now.leaseLeft == 0 && lapseCounts;
        boolean back = now.pageHead < now.applied && !scenario.has(Fault.NO_FLUSH_WHEN_REVISION_WENT_BACK);
        boolean newConnection = now.newConnection && !scenario.has(Fault.NO_FLUSH_ON_A_NEW_CONNECTION);
        State next = state.copy();
        Node node = next.nodes[number];
        node.flush = lapsed || newConnection || back;
        node.pageLeased = false;
        if (scenario.has(Fault.LEASE_EXTENDED_BEFORE_EVICTION)) {
            node.leaseLeft = Math.max(node.leaseLeft, scenario.lease() - node.sinceClockRead);
            apply(node);
            node.poller = Node.EXTENDED_ALREADY;
            successors.add(next, number, "extends its lease before eviction");
            return;
        }
        node.poller = Node.DECIDED;
        successors.add(next, number, reason(lapsed, newConnection, back));
    }

    private static String reason(boolean lapsed, boolean newConnection, boolean back) {
        if (lapsed) {
            return "decides to flush: its lease has expired";
        } else if (newConnection) {
            return "decides to flush: the connection is new";
        } else if (back) {
            return "decides to flush: the revision went back";
        }
        return "decides to evict the changed keys";
    }

    /** Flushes the cache, or logs the evictions of a page with its revision. Either is atomic with respect to fills. */
    private void log(State state, int number, Successors successors) {
        State next = state.copy();
        Node node = next.nodes[number];
        next.writesPaused = false;
        if (scenario.has(Fault.EVICTED_BEFORE_LOGGED) && !node.flush) {
            node.changed = node.tenantChanged ? (1 << node.entries.length) - 1 : node.changed;
            evictKeys(node, node.changed);
            node.poller = Node.EXTENDED_ALREADY;
            successors.add(next, number, "evicts before logging");
            return;
        }
        String label = node.flush ? "flushes" : "logs the evictions";
        apply(node);
        boolean done = node.changed == 0;
        node.poller = done ? Node.EVICTED : Node.LOGGED;
        successors.add(next, number, done && label.startsWith("logs") ? "logs that no key changed" : label);
    }

    private void apply(Node node) {
        if (node.flush) {
            flush(node);
            return;
        }
        int through = node.pageThrough;
        for (int key = 0; key < node.entries.length; key++) {
            if ((node.changed >> key & 1) == 1) {
                dropFromFullLog(node);
                node.evictedAt[key] = through;
            }
        }
        if (node.tenantChanged) {
            dropFromFullLog(node);
            node.tenantEvictedAt = through;
            node.changed = (1 << node.entries.length) - 1;
        }
        if (node.inserted && !scenario.has(Fault.UNKNOWN_RESULTS_KEPT)) {
            node.insertRevision = through;
            for (int key = 0; key < node.entries.length; key++) {
                if (node.entries[key] == KeyState.UNKNOWN) {
                    node.entries[key] = KeyState.NOT_CACHED;
                }
            }
        }
        if (scenario.has(Fault.OTHER_KEY_EVICTED)) {
            node.changed = (node.changed << 1 | node.changed >> 1) & ((1 << node.entries.length) - 1);
        }
        node.applied = through;
    }

    private static void flush(Node node) {
        node.nextEpoch();
        Arrays.fill(node.entries, KeyState.NOT_CACHED);
        node.applied = node.pageHead;
        node.pageThrough = node.pageHead;
        node.clearLog(node.applied);
        node.newConnection = false;
        node.changed = 0;
    }

    /** A snapshot below the newest dropped eviction must not fill any more. */
    private void dropFromFullLog(Node node) {
        boolean full = node.tenantEvictedAt > 0;
        for (int at : node.evictedAt) {
            full |= at > 0;
        }
        if (scenario.allows(Event.SHORT_LOG) && full) {
            int inserted = node.insertRevision;
            int before = node.logDroppedThrough;
            int newest = node.tenantEvictedAt;
            for (int at : node.evictedAt) {
                newest = Math.max(newest, at);
            }
            node.clearLog(scenario.has(Fault.LOG_DROPS_SILENTLY) ? before : newest);
            node.insertRevision = inserted;
        }
    }

    /** Evicts one key, so that fills and hits can come between two evictions. */
    private void evict(State state, int number, Successors successors) {
        State next = state.copy();
        Node node = next.nodes[number];
        boolean alreadyExtended = node.poller == Node.EXTENDED_ALREADY;
        if (alreadyExtended && scenario.has(Fault.EVICTED_BEFORE_LOGGED)) {
            apply(node);
            node.changed = 0;
        }
        int one = Integer.lowestOneBit(node.changed);
        evictKeys(node, one);
        node.changed &= ~one;
        if (node.changed != 0) {
            successors.add(next, number, "evicts a key");
        } else if (alreadyExtended && scenario.has(Fault.LEASE_EXTENDED_BEFORE_EVICTION)) {
            node.endPoll();
            successors.add(next, number, "evicts, late");
        } else {
            node.poller = Node.EVICTED;
            successors.add(next, number, alreadyExtended ? "logs, late" : "evicts the last changed key");
        }
    }

    private static void evictKeys(Node node, int keys) {
        for (int key = 0; key < node.entries.length; key++) {
            if ((keys >> key & 1) == 1) {
                node.entries[key] = KeyState.NOT_CACHED;
            }
        }
    }

    private void extend(State state, int number, Successors successors) {
        State next = state.copy();
        Node node = next.nodes[number];
        boolean partial = node.pageThrough < node.pageHead;
        if (partial && !scenario.has(Fault.LEASE_EXTENDED_AFTER_FIRST_PAGE)) {
            node.clearPage();
            node.laterPage = true;
            node.poller = Node.NEXT_PAGE;
            successors.add(next, number, "requests the next page");
            return;
        }
        int since = scenario.has(Fault.LEASE_FROM_AFTER_THE_POLL) ? 0 : node.sinceClockRead;
        node.leaseLeft = Math.max(node.leaseLeft, scenario.lease() - since);
        node.endPoll();
        successors.add(next, number, "extends its lease");
    }

    private static void evictForRoom(State state, int number, Successors successors) {
        for (int key = 0; key < state.nodes[number].entries.length; key++) {
            if (state.nodes[number].entries[key] != KeyState.NOT_CACHED) {
                State next = state.copy();
                next.nodes[number].entries[key] = KeyState.NOT_CACHED;
                successors.add(next, number, "evicts an entry for room");
            }
        }
    }
}
