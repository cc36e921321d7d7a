package dev.keywright.core.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All there is at one moment. A step changes a copy. */
final class State {

    private static final int WORDS_WITHOUT_NODES = 3;
    private static final int WORDS_OF_A_NODE = 2;

    Database database;

    /** What a standby has copied, which will be all that is left after a fail-over; null before and after. */
    @Nullable Database standby;

    boolean failedOver;

    /** For how many ticks the database does not answer. */
    int away;

    /** Whether nobody writes until the node has asked. */
    boolean quiet;

    Writer revoke = new Writer();
    Writer revokeAgain = new Writer();
    Writer issue = new Writer();
    Writer purge = new Writer();
    int othersWritten;

    /** Of which keys a call that revoked them has returned, as bits. */
    int revokedForGood;

    /** Of which keys a call that issued them has returned, as bits. */
    int issuedForGood;

    final Node[] nodes;

    /** What must not be, once it has come to pass; not packed, since the search ends there. */
    @Nullable String violation;

    private State(Database database, Node[] nodes) {
        this.database = database;
        this.nodes = nodes;
    }

    /** Every node caches, and all keys are issued; but for what the world begins with. */
    static State atTheStart(World world) {
        State state = empty(world);
        state.database.leased = !world.may(Event.BEGINNING);
        for (int key = 0; key < world.keys(); key++) {
            boolean later = world.may(Event.ISSUE) && key == world.keys() - 1;
            state.database.keys[key] = later ? Text.UNKNOWN : Text.ACTIVE;
            state.issuedForGood |= later ? 0 : 1 << key;
        }
        for (Node node : state.nodes) {
            node.begun = state.database.leased;
        }
        return state;
    }

    private static State empty(World world) {
        Node[] nodes = new Node[world.nodes()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Node(world.keys(), world.verifications());
        }
        return new State(new Database(world.keys()), nodes);
    }

    State copy() {
        Node[] copies = new Node[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            copies[i] = nodes[i].copy();
        }
        State copy = new State(database.copy(), copies);
        copy.standby = standby;
        copy.failedOver = failedOver;
        copy.away = away;
        copy.quiet = quiet;
        copy.revoke = revoke.copy();
        copy.revokeAgain = revokeAgain.copy();
        copy.issue = issue.copy();
        copy.othersWritten = othersWritten;
        copy.purge = purge.copy();
        copy.revokedForGood = revokedForGood;
        copy.issuedForGood = issuedForGood;
        return copy;
    }

    Writer[] writers() {
        return new Writer[] {revoke, revokeAgain, issue, purge};
    }

    boolean isAway() {
        return away > 0;
    }

    static int words(World world) {
        return WORDS_WITHOUT_NODES + WORDS_OF_A_NODE * world.nodes();
    }

    /** Packs this; what differs only by the names of nodes or verifications becomes the same. */
    long[] packed(World world) {
        long[] words = new long[words(world)];
        pack(Bits.into(words, 0, WORDS_WITHOUT_NODES), world);
        long[][] packed = new long[nodes.length][];
        for (int i = 0; i < nodes.length; i++) {
            packed[i] = nodes[i].packed(world, WORDS_OF_A_NODE);
        }
        // Nodes can be exchanged for one another, so they are put in an order.
        Arrays.sort(packed, Arrays::compare);
        for (int i = 0; i < nodes.length; i++) {
            System.arraycopy(packed[i], 0, words, WORDS_WITHOUT_NODES + WORDS_OF_A_NODE * i, WORDS_OF_A_NODE);
        }
        return words;
    }

    static State unpacked(long[] words, World world) {
        State state = empty(world);
        state.pack(Bits.outOf(words, 0, WORDS_WITHOUT_NODES), world);
        for (int i = 0; i < state.nodes.length; i++) {
            int from = WORDS_WITHOUT_NODES + WORDS_OF_A_NODE * i;
            state.nodes[i].pack(Bits.outOf(words, from, from + WORDS_OF_A_NODE), world);
        }
        return state;
    }

    private void pack(Bits bits, World world) {
        database.pack(bits);
        if (bits.through(standby != null)) {
            // Never changed once it is there, so it is shared by copies.
            standby = standby == null ? new Database(world.keys()) : standby;
            standby.pack(bits);
        }
        failedOver = bits.through(failedOver);
        away = bits.through(away, world.outage());
        quiet = bits.through(quiet);
        revoke.pack(bits, world);
        revokeAgain.pack(bits, world);
        issue.pack(bits, world);
        purge.pack(bits, world);
        othersWritten = bits.through(othersWritten, 3);
        revokedForGood = bits.through(revokedForGood, 3);
        issuedForGood = bits.through(issuedForGood, 3);
    }
}
