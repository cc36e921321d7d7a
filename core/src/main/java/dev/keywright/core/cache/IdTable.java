package dev.keywright.core.cache;

import dev.keywright.KeyId;
import org.jspecify.annotations.Nullable;

/** Hash table of entries by the ids of their keys. */
final class IdTable extends ShardedTable {

    IdTable(int maxEntries) {
        super(maxEntries);
    }

    @Nullable CachedResult get(KeyId id) {
        long hash = spread(id);
        @Nullable CachedResult[] shard = shard(hash);
        int mask = shard.length - 1;
        int at = (int) hash & mask;
        CachedResult entry = slot(shard, at);
        while (entry != null && !entry.id().equals(id)) {
            at = (at + 1) & mask;
            entry = slot(shard, at);
        }
        return entry;
    }

    @Override
    long hash(CachedResult entry) {
        return spread(entry.id());
    }

    /** Spreads the 32 bits of a hash code over both halves of a long, with the constants of MurmurHash3's finalizer. */
    private static long spread(KeyId id) {
        long hash = id.hashCode() * 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
