package dev.keywright.core.model;

import java.util.Arrays;

/** A node that caches: its heart, its lease, its entries, its verifications. Times are counted on its own clock, from now. */
final class Node {

    static final int RESTS = 0;
    static final int LOOKED_AT_CLOCK = 1;
    static final int POLLED = 2;
    static final int DECIDED = 3;
    static final int FORGOT = 4;

    /** Only with faults. */
    static final int EXTENDED_ALREADY = 5;

    /** Only with faults. */
    static final int KEYS_READ = 6;

    private static final int MOST_REVISIONS = 7;

    /** Where the heart is in its beat. */
    int heart;

    /** Whether it has committed the lease, as far as it knows, and holds a connection. */
    boolean begun;

    /** Whether it has heard nothing yet on this connection. */
    boolean fresh;

    /** How long ago it looked at the clock. */
    int sinceLook;

    /** The answer to the poll. */
    int polledRevision;

    int polledFloor;
    boolean polledLease;
    int changed;
    boolean tooMany;

    /** What was decided upon that. */
    boolean flush;

    int applied;
    int leaseLeft;

    /** What is remembered of the text of each key. */
    final int[] entries;

    final Verification[] verifications;

    boolean suspended;

    /** For how long a suspended node is excused once it goes on: what was left of its lease, or of that under way. */
    int excused;

    Node(int keys, int verifications) {
        this.entries = new int[keys];
        this.verifications = new Verification[verifications];
        for (int i = 0; i < verifications; i++) {
            this.verifications[i] = new Verification();
        }
    }

    Node copy() {
        Node copy = new Node(entries.length, 0, new Verification[verifications.length]);
        copy.heart = heart;
        copy.begun = begun;
        copy.fresh = fresh;
        copy.sinceLook = sinceLook;
        copy.polledRevision = polledRevision;
        copy.polledFloor = polledFloor;
        copy.polledLease = polledLease;
        copy.changed = changed;
        copy.tooMany = tooMany;
        copy.flush = flush;
        copy.applied = applied;
        copy.leaseLeft = leaseLeft;
        copy.suspended = suspended;
        copy.excused = excused;
        System.arraycopy(entries, 0, copy.entries, 0, entries.length);
        for (int i = 0; i < verifications.length; i++) {
            copy.verifications[i] = verifications[i].copy();
        }
        return copy;
    }

    private Node(int keys, int none, Verification[] verifications) {
        this.entries = new int[keys + none];
        this.verifications = verifications;
    }

    /** Whatever verification has noted the generation will find another one. */
    void nextGeneration() {
        for (Verification verification : verifications) {
            verification.sameGeneration = false;
        }
    }

    void endBeat() {
        heart = RESTS;
        sinceLook = 0;
        forgetPoll();
    }

    void forgetPoll() {
        polledRevision = 0;
        polledFloor = 0;
        polledLease = false;
        changed = 0;
        tooMany = false;
        flush = false;
    }

    /** In one word; nodes can be exchanged for one another, so they are ordered by it. */
    long packed(World world) {
        if (verifications.length > 1) {
            Arrays.sort(verifications);
        }
        long[] word = new long[1];
        pack(Bits.into(word, 0, 1), world);
        return word[0];
    }

    void pack(Bits bits, World world) {
        heart = bits.through(heart, KEYS_READ);
        begun = bits.through(begun);
        fresh = bits.through(fresh);
        sinceLook = bits.through(sinceLook, world.lease());
        polledRevision = bits.through(polledRevision, MOST_REVISIONS);
        polledFloor = bits.through(polledFloor, MOST_REVISIONS);
        polledLease = bits.through(polledLease);
        changed = bits.through(changed, 3);
        tooMany = bits.through(tooMany);
        flush = bits.through(flush);
        applied = bits.through(applied, MOST_REVISIONS);
        leaseLeft = bits.through(leaseLeft, world.lease());
        for (int key = 0; key < entries.length; key++) {
            entries[key] = bits.through(entries[key], Text.MOST);
        }
        for (Verification verification : verifications) {
            verification.pack(bits, world);
        }
        suspended = bits.through(suspended);
        excused = world.isExcused() ? bits.through(excused, world.lease()) : 0;
    }
}
