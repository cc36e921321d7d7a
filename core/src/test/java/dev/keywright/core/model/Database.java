package dev.keywright.core.model;

import java.util.Arrays;

/** What is committed: the row, the keys, and the records of evictions. It is linearizable, as a store must be. */
final class Database {

    static final int MOST_REVISIONS = 7;

    int revision;

    /** Whether the lease is set; otherwise it is zero, and nobody waits. */
    boolean leased;

    /** What the text of each key is. */
    final int[] keys;

    /** The revision with which each key was inserted; zero for those that were there before. */
    final int[] insertRevision;

    /** The revision with which each key was changed last. */
    final int[] changeRevision;

    /** The revision of the record that a key was deleted; zero where there is none. */
    final int[] evictedAt;

    /** The revision of the record that the tenant of all keys was changed as a whole; zero where there is none. */
    int tenantEvictedAt;

    Database(int keys) {
        this.keys = new int[keys];
        this.insertRevision = new int[keys];
        this.changeRevision = new int[keys];
        this.evictedAt = new int[keys];
    }

    Database copy() {
        Database copy = new Database(keys.length);
        copy.revision = revision;
        copy.leased = leased;
        copy.tenantEvictedAt = tenantEvictedAt;
        System.arraycopy(keys, 0, copy.keys, 0, keys.length);
        System.arraycopy(insertRevision, 0, copy.insertRevision, 0, keys.length);
        System.arraycopy(changeRevision, 0, copy.changeRevision, 0, keys.length);
        System.arraycopy(evictedAt, 0, copy.evictedAt, 0, keys.length);
        return copy;
    }

    /** Puts a key into another state, stamped with a revision. */
    void put(int key, int text, int stamp) {
        keys[key] = text;
        changeRevision[key] = stamp;
    }

    void insert(int key, int stamp) {
        put(key, Text.ACTIVE, stamp);
        insertRevision[key] = stamp;
    }

    void forgetEvictions(int through) {
        for (int key = 0; key < keys.length; key++) {
            evictedAt[key] = evictedAt[key] <= through ? 0 : evictedAt[key];
        }
        tenantEvictedAt = tenantEvictedAt <= through ? 0 : tenantEvictedAt;
    }

    boolean differsFrom(Database other) {
        return revision != other.revision || leased != other.leased || !Arrays.equals(keys, other.keys);
    }

    /** The keys that were changed or deleted above a revision and not above another one, as bits. A new key is not changed. */
    int changed(int above, int through) {
        int changed = 0;
        for (int key = 0; key < keys.length; key++) {
            boolean there = keys[key] != Text.UNKNOWN;
            boolean isNew = insertRevision[key] == changeRevision[key] && insertRevision[key] > above;
            if ((there && !isNew && isIn(changeRevision[key], above, through))
                    || isIn(evictedAt[key], above, through)) {
                changed |= 1 << key;
            }
        }
        return changed;
    }

    boolean isTenantChanged(int above, int through) {
        return isIn(tenantEvictedAt, above, through);
    }

    boolean isInsertedAbove(int above) {
        for (int key = 0; key < keys.length; key++) {
            if (keys[key] != Text.UNKNOWN && insertRevision[key] > above) {
                return true;
            }
        }
        return false;
    }

    /** {@return up to which revision a page of changes goes: whole revisions, and at least one} */
    int through(int above, int limit) {
        int through = above;
        for (int next = above + 1; next <= revision; next++) {
            int subjects = Integer.bitCount(changed(above, next)) + (isTenantChanged(above, next) ? 1 : 0);
            if (subjects > limit && through > above) {
                return through;
            }
            through = next;
        }
        return revision;
    }

    private static boolean isIn(int stamp, int above, int through) {
        return stamp > above && stamp <= through;
    }

    void pack(Bits bits) {
        revision = bits.through(revision, MOST_REVISIONS);
        leased = bits.through(leased);
        tenantEvictedAt = bits.through(tenantEvictedAt, MOST_REVISIONS);
        for (int key = 0; key < keys.length; key++) {
            keys[key] = bits.through(keys[key], Text.MOST);
            insertRevision[key] = bits.through(insertRevision[key], MOST_REVISIONS);
            changeRevision[key] = bits.through(changeRevision[key], MOST_REVISIONS);
            evictedAt[key] = bits.through(evictedAt[key], MOST_REVISIONS);
        }
    }
}
