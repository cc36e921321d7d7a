package dev.keywright.core.cache;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded log of recent evictions: of each key and each tenant the revision of the last one. It answers whether a lookup may be
 * cached whose snapshot is older than the revision that the node has applied. Not thread-safe.
 */
final class EvictionLog {

    private final int most;

    /** In the order of their revisions. */
    private final Map<Object, Long> evictions = new LinkedHashMap<>();

    /** Evictions up to this revision may have been dropped. */
    private long dropped;

    /** The last revision up to which a key may have been inserted. */
    private long inserted;

    EvictionLog(int most) {
        this.most = most;
    }

    /** Logs the eviction of a key or a tenant. Revisions never go down between two calls of {@link #clear}. */
    void add(Object subject, long revision) {
        evictions.remove(subject);
        evictions.put(subject, revision);
        if (evictions.size() > most) {
            Iterator<Long> oldest = evictions.values().iterator();
            dropped = oldest.next();
            oldest.remove();
        }
    }

    /** Logs that keys were inserted: a text that belonged to none before may belong to one of them. */
    void addInsertion(long revision) {
        inserted = revision;
    }

    /** Whether a key was not evicted above a revision, as far as is known; neither by itself nor with its tenant. */
    boolean isCurrent(TenantId tenant, KeyId id, long revision) {
        return revision >= dropped
                && isBefore(evictions.get(id), revision)
                && isBefore(evictions.get(tenant), revision);
    }

    private static boolean isBefore(@Nullable Long eviction, long revision) {
        return eviction == null || eviction <= revision;
    }

    /** Whether no key was inserted above a revision. */
    boolean isWithoutInsertion(long revision) {
        return revision >= inserted;
    }

    /** Forgets everything: nothing is known of what happened up to a revision. */
    void clear(long revision) {
        evictions.clear();
        dropped = revision;
        inserted = revision;
    }
}
