package dev.keywright.core.model;

import java.util.Arrays;

/**
 * The committed state of the store: the coherence row, the keys and the eviction records. Linearizable, as a store must
 * be.
 */
final class Database {

    static final int MAX_REVISION = 7;

    int revision;

    /** Whether the lease is set. If it is zero, writers do not wait. */
    boolean leased;

    /** State of each key: a constant of {@link KeyState}. */
    final int[] keys;

    /** Revision of the insertion of each key; zero for initial keys. */
    final int[] insertRevision;

    /** Revision of the last change of each key. */
    final int[] changeRevision;

    /** Revision of the eviction record of each deleted key; zero if there is none. */
    final int[] evictedAt;

    /** Revision of the eviction record of the tenant; zero if there is none. All keys belong to one tenant. */
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

    /** Changes the state of a key, stamped with a revision. */
    void put(int key, int text, int stamp) {
        keys[key] = text;
        changeRevision[key] = stamp;
    }

    void insert(int key, int stamp) {
        put(key, KeyState.ACTIVE, stamp);
        insertRevision[key] = stamp;
    }

    void deleteEvictionRecords(int through) {
        for (int key = 0; key < keys.length; key++) {
            evictedAt[key] = evictedAt[key] <= through ? 0 : evictedAt[key];
        }
        tenantEvictedAt = tenantEvictedAt <= through ? 0 : tenantEvictedAt;
    }

    boolean differsFrom(Database other) {
        return revision != other.revision || leased != other.leased || !Arrays.equals(keys, other.keys);
    }

    /**
     * {@return a bit set of the keys that were changed or deleted above one revision, up to another} An inserted key is
     * not changed.
     */
    int changed(int above, int through) {
        int changed = 0;
        for (int key = 0; key < keys.length; key++) {
            boolean there = keys[key] != KeyState.UNKNOWN;
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
            if (keys[key] != KeyState.UNKNOWN && insertRevision[key] > above) {
                return true;
            }
        }
        return false;
    }

    /** {@return the last revision of a page of changes, which contains whole revisions and at least one} */
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

    void pack(BitCodec codec) {
        revision = codec.code(revision, MAX_REVISION);
        leased = codec.code(leased);
        tenantEvictedAt = codec.code(tenantEvictedAt, MAX_REVISION);
        for (int key = 0; key < keys.length; key++) {
            keys[key] = codec.code(keys[key], KeyState.MAX);
            insertRevision[key] = codec.code(insertRevision[key], MAX_REVISION);
            changeRevision[key] = codec.code(changeRevision[key], MAX_REVISION);
            evictedAt[key] = codec.code(evictedAt[key], MAX_REVISION);
        }
    }
}
