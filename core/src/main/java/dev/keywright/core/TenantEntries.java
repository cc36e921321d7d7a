package dev.keywright.core;

import dev.keywright.TenantId;
import org.jspecify.annotations.Nullable;

/** Cached keys of one tenant, as a linked list in the order in which they were cached. Guarded by the lock of {@link Entries}. */
final class TenantEntries {

    private final TenantId tenant;
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private int size;

    TenantEntries(TenantId tenant) {
        this.tenant = tenant;
    }

    TenantId tenant() {
        return tenant;
    }

    int size() {
        return size;
    }

    /** {@return the entry that was cached first; null if there is none} */
    @Nullable Entry oldest() {
        return oldest;
    }

    void add(Entry entry) {
        entry.siblings = this;
        entry.older = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        size++;
    }

    void remove(Entry entry) {
        Entry older = entry.older;
        Entry newer = entry.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        entry.siblings = null;
        entry.older = null;
        entry.newer = null;
        size--;
    }
}
