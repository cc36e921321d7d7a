package dev.keywright.core.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** State of the whole model. A transition changes a copy. */
final class State {

    private static final int SHARED_WORDS = 3;
    private static final int NODE_WORDS = 2;

    Database database;

    /** The standby or replica after it has stopped replicating; null before that, and after a fail-over to it. */
    @Nullable Database standby;

    boolean failedOver;

    /** Ticks until the database responds again. */
    int outage;

    /** Whether there are no writes until a node has polled. */
    boolean writesPaused;

    Writer revoke = new Writer();
    Writer revokeAgain = new Writer();
    Writer issue = new Writer();
    Writer purge = new Writer();
    int otherWriteDone;

    /** Bit set of the keys whose revocation has returned. */
    int revocationsReturned;

    /** Bit set of the keys whose issue has returned. */
    int issuesReturned;

    final Node[] nodes;

    /** Violation of the promise, if there is one. Not packed, because the search stops there. */
    @Nullable String violation;

    private State(Database database, Node[] nodes) {
        this.database = database;
        this.nodes = nodes;
    }

    /**
     * {@return the initial state: every node caches and all keys are issued, unless the events of the scenario do that}
     */
    static State initial(Scenario scenario) {
        State state = empty(scenario);
        state.database.leased = !scenario.allows(Event.CACHING_STARTS);
        for (int key = 0; key < scenario.keys(); key++) {
            boolean later = scenario.allows(Event.ISSUE) && key == scenario.keys() - 1;
            state.database.keys[key] = later ? KeyState.UNKNOWN : KeyState.ACTIVE;
            state.issuesReturned |= later ? 0 : 1 << key;
        }
        for (Node node : state.nodes) {
            node.connected = state.database.leased;
        }
        return state;
    }

    private static State empty(Scenario scenario) {
        Node[] nodes = new Node[scenario.nodes()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Node(scenario.keys(), scenario.verifications());
        }
        return new State(new Database(scenario.keys()), nodes);
    }

    State copy() {
        Node[] copies = new Node[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            copies[i] = nodes[i].copy();
        }
        State copy = new State(database.copy(), copies);
        copy.standby = standby;
        copy.failedOver = failedOver;
        copy.outage = outage;
        copy.writesPaused = writesPaused;
        copy.revoke = revoke.copy();
        copy.revokeAgain = revokeAgain.copy();
        copy.issue = issue.copy();
        copy.otherWriteDone = otherWriteDone;
        copy.purge = purge.copy();
        copy.revocationsReturned = revocationsReturned;
        copy.issuesReturned = issuesReturned;
        return copy;
    }

    Writer[] writers() {
        return new Writer[] {revoke, revokeAgain, issue, purge};
    }

    boolean isUnavailable() {
        return outage > 0;
    }

    static int words(Scenario scenario) {
        return SHARED_WORDS + NODE_WORDS * scenario.nodes();
    }

    /** Packs this state. States that differ only in the order of nodes or verifications have the same packed form. */
    long[] packed(Scenario scenario) {
        long[] words = new long[words(scenario)];
        pack(BitCodec.into(words, 0, SHARED_WORDS), scenario);
        long[][] packed = new long[nodes.length][];
        for (int i = 0; i < nodes.length; i++) {
            packed[i] = nodes[i].packed(scenario, NODE_WORDS);
        }
        // Nodes are interchangeable, so they are packed in a canonical order.
        Arrays.sort(packed, Arrays::compare);
        for (int i = 0; i < nodes.length; i++) {
            System.arraycopy(packed[i], 0, words, SHARED_WORDS + NODE_WORDS * i, NODE_WORDS);
        }
        return words;
    }

    static State unpacked(long[] words, Scenario scenario) {
        State state = empty(scenario);
        state.pack(BitCodec.outOf(words, 0, SHARED_WORDS), scenario);
        for (int i = 0; i < state.nodes.length; i++) {
            int from = SHARED_WORDS + NODE_WORDS * i;
            state.nodes[i].pack(BitCodec.outOf(words, from, from + NODE_WORDS), scenario);
        }
        return state;
    }

    private void pack(BitCodec codec, Scenario scenario) {
        database.pack(codec);
        if (codec.code(standby != null)) {
            // It never changes, so copies share it.
            standby = standby == null ? new Database(scenario.keys()) : standby;
            standby.pack(codec);
        }
        failedOver = codec.code(failedOver);
        outage = codec.code(outage, scenario.outage());
        writesPaused = codec.code(writesPaused);
        revoke.pack(codec, scenario);
        revokeAgain.pack(codec, scenario);
        issue.pack(codec, scenario);
        purge.pack(codec, scenario);
        otherWriteDone = codec.code(otherWriteDone, 3);
        revocationsReturned = codec.code(revocationsReturned, 3);
        issuesReturned = codec.code(issuesReturned, 3);
    }
}
