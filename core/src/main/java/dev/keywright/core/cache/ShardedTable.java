package dev.keywright.core.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hash table of entries that is read without a lock: linear probing, at most half full. It consists of many small tables, the
 * shards, whose number follows from the maximum number of entries. Each shard grows by itself, so that no single step takes long,
 * however many entries there are. A read follows as many references as one in an {@link
 * java.util.concurrent.atomic.AtomicReferenceArray}: shards, shard, slot, entry.
 *
 * <p>Any number of threads may read, and one thread at a time may write. A read does not find an entry whose removal happened before
 * it. It may miss an entry that a concurrent write moves, which costs a lookup in the store.
 */
abstract class ShardedTable {

    /** Average number of entries of a shard in a full table. Growing such a shard takes at most about a millisecond. */
    private static final int ENTRIES_PER_SHARD = 4096;

    private static final int MIN_SLOTS = 16;

    private static final VarHandle SHARD = MethodHandles.arrayElementVarHandle(CachedResult[][].class);
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(CachedResult[].class);

    /** The empty shard, shared and never written. */
    private static final @Nullable CachedResult[] EMPTY = new CachedResult[MIN_SLOTS];

    private volatile @Nullable CachedResult[][] shards;
    private int[] sizes;
    private int size;

    /** Position at which {@link #next} continues. */
    private int nextShard;

    private int nextSlot;

    ShardedTable(int maxEntries) {
        int count = shardCount(maxEntries);
        this.shards = emptyShards(count);
        this.sizes = new int[count];
    }

    /** {@return the number of shards for a maximum number of entries; a power of two} */
    static int shardCount(int maxEntries) {
        int needed = (maxEntries - 1) / ENTRIES_PER_SHARD + 1;
        return Integer.highestOneBit(2 * needed - 1);
    }

    private static @Nullable CachedResult[][] emptyShards(int count) {
        @Nullable CachedResult[][] fresh = new CachedResult[count][];
        Arrays.fill(fresh, EMPTY);
        return fresh;
    }

    /** {@return the hash of an entry, whose upper half selects the shard and whose lower half selects the slot} */
    abstract long hash(CachedResult entry);

    /** {@return the shard for a hash} */
    final @Nullable CachedResult[] shard(long hash) {
        @Nullable CachedResult[][] all = shards;
        return (CachedResult[]) SHARD.getAcquire(all, (int) (hash >>> 32) & (all.length - 1));
    }

    /** {@return the entry in a slot of a shard; null if the slot is empty} */
    static @Nullable CachedResult slot(@Nullable CachedResult[] shard, int at) {
        return (CachedResult) SLOT.getAcquire(shard, at);
    }

    private static void set(@Nullable CachedResult[] shard, int at, @Nullable CachedResult entry) {
        SLOT.setRelease(shard, at, entry);
    }

    /** {@return the number of entries} */
    final int size() {
        return size;
    }

    /** Adds an entry that is not in the table. */
    final void add(CachedResult entry) {
        int number = (int) (hash(entry) >>> 32) & (shards.length - 1);
        @Nullable CachedResult[] shard = shards[number];
        if (shard == EMPTY || sizes[number] * 2 >= shard.length) {
            shard = grown(shard, sizes[number]);
            put(shard, entry);
            SHARD.setRelease(shards, number, shard);
        } else {
            put(shard, entry);
        }
        sizes[number]++;
        size++;
    }

    private @Nullable CachedResult[] grown(@Nullable CachedResult[] before, int entries) {
        @Nullable CachedResult[] more = new CachedResult[Math.max(MIN_SLOTS, entries * 4)];
        for (@Nullable CachedResult entry : before) {
            if (entry != null) {
                put(more, entry);
            }
        }
        return more;
    }

    private void put(@Nullable CachedResult[] shard, CachedResult entry) {
        int mask = shard.length - 1;
        int at = (int) hash(entry) & mask;
        while (shard[at] != null) {
            at = (at + 1) & mask;
        }
        set(shard, at, entry);
    }

    /** Removes an entry that is in the table, and moves up the entries behind it, so that no probe sequence has a gap. */
    final void remove(CachedResult removed) {
        int number = (int) (hash(removed) >>> 32) & (shards.length - 1);
        @Nullable CachedResult[] shard = shards[number];
        int mask = shard.length - 1;
        int hole = (int) hash(removed) & mask;
        while (shard[hole] != removed) {
            hole = (hole + 1) & mask;
        }
        int at = hole;
        while (true) {
            at = (at + 1) & mask;
            CachedResult entry = shard[at];
            if (entry == null) {
                break;
            }
            int fromHome = (at - (int) hash(entry)) & mask;
            int fromHole = (at - hole) & mask;
            if (fromHome >= fromHole) {
                set(shard, hole, entry);
                hole = at;
            }
        }
        set(shard, hole, null);
        sizes[number]--;
        size--;
    }

    /** Removes all entries in constant time. */
    final void clear() {
        int count = shards.length;
        shards = emptyShards(count);
        sizes = new int[count];
        size = 0;
    }

    /** {@return the next entry, in a cycle through all of them; there must be at least one} */
    final CachedResult next() {
        while (true) {
            @Nullable CachedResult[] shard = shards[nextShard];
            while (sizes[nextShard] > 0 && nextSlot < shard.length) {
                CachedResult entry = shard[nextSlot++];
                if (entry != null) {
                    return entry;
                }
            }
            nextSlot = 0;
            nextShard = (nextShard + 1) & (shards.length - 1);
        }
    }
}
