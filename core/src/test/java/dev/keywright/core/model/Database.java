package dev.keywright.core.model;

import java.util.Arrays;

/** What is committed: the row, and the keys. It is linearizable, as a store must be. */
final class Database {

    private static final int MOST_REVISIONS = 7;

    int revision;
    int floor;

    /** Whether the lease is set; otherwise it is zero, and nobody waits. */
    boolean leased;

    /** What the text of each key is. */
    final int[] keys;

    /** The revision with which each key was changed last. */
    final int[] changedAt;

    Database(int keys) {
        this.keys = new int[keys];
        this.changedAt = new int[keys];
    }

    Database copy() {
        Database copy = new Database(keys.length);
        copy.revision = revision;
        copy.floor = floor;
        copy.leased = leased;
        System.arraycopy(keys, 0, copy.keys, 0, keys.length);
        System.arraycopy(changedAt, 0, copy.changedAt, 0, keys.length);
        return copy;
    }

    /** Puts a key into another state, stamped with a revision. */
    void put(int key, int text, int stamp) {
        keys[key] = text;
        changedAt[key] = stamp;
    }

    boolean differsFrom(Database other) {
        return revision != other.revision || leased != other.leased || !Arrays.equals(keys, other.keys);
    }

    /** The keys that are there, and changed above a revision, as bits. */
    int changedSince(int applied) {
        int changed = 0;
        for (int key = 0; key < keys.length; key++) {
            if (keys[key] != Text.UNKNOWN && changedAt[key] > applied) {
                changed |= 1 << key;
            }
        }
        return changed;
    }

    void pack(Bits bits) {
        revision = bits.through(revision, MOST_REVISIONS);
        floor = bits.through(floor, MOST_REVISIONS);
        leased = bits.through(leased);
        for (int key = 0; key < keys.length; key++) {
            keys[key] = bits.through(keys[key], Text.MOST);
            changedAt[key] = bits.through(changedAt[key], MOST_REVISIONS);
        }
    }
}
