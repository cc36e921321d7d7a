package dev.keywright.core.model;

/** Somebody who has called the library to write, once: from the commit on. */
final class Writer {

    static final int NOT_YET = 0;
    static final int WAITING = 1;
    static final int RETURNED = 2;

    /** Died after the commit, or was interrupted, or a fail-over has lost what was committed: it never returns normally. */
    static final int GONE = 3;

    /** Has taken a revision, and will commit later: what the lock on the row makes impossible. */
    static final int BEFORE_COMMIT = 4;

    /** Has returned, and had deleted the records of evictions before. */
    static final int CLEANED_UP = 5;

    int at;

    /** How much of the wait is left, on the writer's clock. */
    int left;

    /** Which keys it has revoked or issued, as bits. */
    int keys;

    /** The revision that its write has taken, where records of evictions are to be deleted after the wait; or zero. */
    int revision;

    Writer copy() {
        Writer copy = new Writer();
        copy.at = at;
        copy.left = left;
        copy.keys = keys;
        copy.revision = revision;
        return copy;
    }

    void pack(Bits bits, World world) {
        at = bits.through(at, CLEANED_UP);
        left = bits.through(left, world.wait(world.lease()));
        keys = bits.through(keys, 3);
        revision = bits.through(revision, Database.MOST_REVISIONS);
    }
}
