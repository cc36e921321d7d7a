package dev.keywright.core.model;

/**
 * A verification. It begins at its first step: had it begun sooner, fewer calls would have returned before it, and nothing else
 * would differ.
 */
final class Verification implements Comparable<Verification> {

    static final int NONE = 0;
    static final int LEASE_HOLDS = 1;
    static final int MISSED = 2;
    static final int HAS_EPOCH = 3;
    static final int WAS_TOLD = 4;
    static final int READS_THROUGH = 5;

    /** Only with faults. */
    static final int HAS_PUT = 6;

    /** Only with faults. */
    static final int HAS_ENTRY = 7;

    int at;
    int key;

    /** Whether the revocation of the key had returned before this began: it must not accept. */
    boolean late;

    /** Whether the issue of the key had returned before this began: while the key is active, this must not reject. */
    boolean due;

    /** Whether the epoch is still the one that was noted. */
    boolean sameEpoch;

    /** The revision that the node had applied when the lookup began. */
    int applied;

    /** The revision of the snapshot that the store answered from. */
    int revision;

    /** What the store said, or the entry. */
    int found;

    Verification copy() {
        Verification copy = new Verification();
        copy.at = at;
        copy.key = key;
        copy.late = late;
        copy.due = due;
        copy.sameEpoch = sameEpoch;
        copy.applied = applied;
        copy.revision = revision;
        copy.found = found;
        return copy;
    }

    void end() {
        at = NONE;
        key = 0;
        late = false;
        due = false;
        sameEpoch = false;
        applied = 0;
        revision = 0;
        found = 0;
    }

    void pack(Bits bits, World world) {
        at = bits.through(at, HAS_ENTRY);
        key = bits.through(key, world.keys() - 1);
        late = bits.through(late);
        due = bits.through(due);
        sameEpoch = bits.through(sameEpoch);
        applied = bits.through(applied, Database.MOST_REVISIONS);
        revision = bits.through(revision, Database.MOST_REVISIONS);
        found = bits.through(found, Text.MOST);
    }

    private int code() {
        return (((applied << 3) + revision) << 9)
                + (at << 6)
                + (key << 5)
                + (late ? 16 : 0)
                + (due ? 8 : 0)
                + (sameEpoch ? 4 : 0)
                + found;
    }

    /** Verifications of one node can be exchanged for one another; so they are packed in an order. */
    @Override
    public int compareTo(Verification other) {
        return Integer.compare(code(), other.code());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Verification verification && verification.code() == code();
    }

    @Override
    public int hashCode() {
        return code();
    }
}
