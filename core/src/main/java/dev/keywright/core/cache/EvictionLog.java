package dev.keywright.core.cache;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded log of recent evictions: for each key and each tenant, an upper bound of the revision of the last one. It decides whether a
 * lookup may be cached whose snapshot is older than the applied revision. Not thread-safe.
 */
final class EvictionLog {

    private final int maxSize;

    /** Ordered by revision. */
    private final Map<Object, Long> evictions = new LinkedHashMap<>();

    /** Revision up to which evictions may have been dropped. */
    private long droppedThrough;

    /** Revision of the last insertion. */
    private long lastInsertion;

    EvictionLog(int maxSize) {
        this.maxSize = maxSize;
    }

    /** Logs the eviction of a key or a tenant. Revisions never decrease between two calls of {@link #clear}. */
    void add(Object subject, long revision) {
        evictions.remove(subject);
        evictions.put(subject, revision);
        if (evictions.size() > maxSize) {
            Iterator<Long> oldest = evictions.values().iterator();
            droppedThrough = oldest.next();
            oldest.remove();
        }
    }

    /** Logs an insertion: a text that belonged to no key before may belong to the new one. */
    void addInsertion(long revision) {
        lastInsertion = revision;
    }

    /** Whether the log proves that neither the key nor its tenant was evicted after a revision. */
    boolean isCurrent(TenantId tenant, KeyId id, long revision) {
        return revision >= droppedThrough
                && isBefore(evictions.get(id), revision)
                && isBefore(evictions.get(tenant), revision);
    }

    private static boolean isBefore(@Nullable Long eviction, long revision) {
        return eviction == null || eviction <= revision;
    }

    /** Whether no key was inserted above a revision. */
    boolean noInsertionAbove(long revision) {
        return revision >= lastInsertion;
    }

    /** Clears the log: from now on, it proves nothing about evictions up to a revision. */
    void clear(long revision) {
        evictions.clear();
        droppedThrough = revision;
        lastInsertion = revision;
    }
}
