package dev.keywright.core.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hash table of entries, read without a lock: linear probing, at most half full. It consists of many small tables, the shards,
 * whose number follows from the largest number of entries; each grows by itself, so that no single step takes long, however many
 * entries there are. A lookup reads the array of shards, the shard, the slot and the entry, as one in a single table would with an
 * {@link java.util.concurrent.atomic.AtomicReferenceArray}.
 *
 * <p>Any number of threads may read; one at a time may write. An entry removed by a write that happened before a read is not
 * found; an entry that a concurrent write moves may be missed, which costs a lookup in the store.
 */
abstract class ShardedTable {

    /** Average number of entries in each shard when the table is full. Growing such a shard takes about a millisecond at most. */
    private static final int ENTRIES_OF_A_SHARD = 4096;

    private static final int FEWEST_SLOTS = 16;

    private static final VarHandle SHARD = MethodHandles.arrayElementVarHandle(CachedResult[][].class);
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(CachedResult[].class);

    /** A shard that has no entries, shared and never written. */
    private static final @Nullable CachedResult[] EMPTY = new CachedResult[FEWEST_SLOTS];

    private volatile @Nullable CachedResult[][] shards;
    private int[] sizes;
    private int size;

    /** Where {@link #any} goes on. */
    private int handShard;

    private int handSlot;

    ShardedTable(int mostEntries) {
        int count = shards(mostEntries);
        this.shards = emptyShards(count);
        this.sizes = new int[count];
    }

    /** {@return into how many parts something is to be divided that has so many entries at most; a power of two} */
    static int shards(int mostEntries) {
        int needed = (mostEntries - 1) / ENTRIES_OF_A_SHARD + 1;
        return Integer.highestOneBit(2 * needed - 1);
    }

    private static @Nullable CachedResult[][] emptyShards(int count) {
        @Nullable CachedResult[][] fresh = new CachedResult[count][];
        Arrays.fill(fresh, EMPTY);
        return fresh;
    }

    /** {@return the hash of an entry: the upper half chooses its shard, the lower half its slot} */
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

    /** Adds an entry that is not there. */
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
        @Nullable CachedResult[] more = new CachedResult[Math.max(FEWEST_SLOTS, entries * 4)];
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

    /** Removes an entry that is there, and moves up those that had to make way for it, so that none stands behind an empty slot. */
    final void remove(CachedResult gone) {
        int number = (int) (hash(gone) >>> 32) & (shards.length - 1);
        @Nullable CachedResult[] shard = shards[number];
        int mask = shard.length - 1;
        int hole = (int) hash(gone) & mask;
        while (shard[hole] != gone) {
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

    /** Removes all entries in a step whose time does not depend on their number. */
    final void clear() {
        int count = shards.length;
        shards = emptyShards(count);
        sizes = new int[count];
        size = 0;
    }

    /** {@return an entry; another one each time, until all have had their turn; there must be one} */
    final CachedResult any() {
        while (true) {
            @Nullable CachedResult[] shard = shards[handShard];
            while (sizes[handShard] > 0 && handSlot < shard.length) {
                CachedResult entry = shard[handSlot++];
                if (entry != null) {
                    return entry;
                }
            }
            handSlot = 0;
            handShard = (handShard + 1) & (shards.length - 1);
        }
    }
}
