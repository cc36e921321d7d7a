package dev.keywright.core.cache;

import dev.keywright.TenantId;
import org.jspecify.annotations.Nullable;

/** Cached keys of one tenant: a linked list in the order of their fills. Guarded by the lock of {@link KeyCache}. */
final class TenantEntries {

    private final TenantId tenant;
    private @Nullable CachedResult oldest;
    private @Nullable CachedResult newest;
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

    /** {@return the entry that was filled first; null if there is none} */
    @Nullable CachedResult oldest() {
        return oldest;
    }

    void add(CachedResult entry) {
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

    void remove(CachedResult entry) {
        CachedResult older = entry.older;
        CachedResult newer = entry.newer;
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
