package dev.keywright.core;

import dev.keywright.core.TextNames.Name;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Entries by their names: a hash table with linear probing, at most half full. Whoever asks takes no lock, and comes to two places
 * in memory as a rule: the slot, and the entry. In a {@link java.util.concurrent.ConcurrentHashMap} it would be four.
 *
 * <p>Any number of threads may ask; one at a time may change it. What a change that came before has removed is not found; while one
 * goes on, an entry that is moved may be missed, which costs a look-up.
 */
final class NameTable {

    private static final int FEWEST_SLOTS = 16;

    private volatile AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(FEWEST_SLOTS);
    private int size;

    /** Where {@link #any} goes on. */
    private int hand;

    @Nullable Entry get(Name name) {
        AtomicReferenceArray<@Nullable Entry> all = slots;
        int mask = all.length() - 1;
        // A name is as good as random, so that its last bits are a fair place to begin.
        int at = (int) name.low() & mask;
        Entry entry = all.get(at);
        while (entry != null && !entry.isNamed(name)) {
            at = (at + 1) & mask;
            entry = all.get(at);
        }
        return entry;
    }

    /** Adds an entry whose name is not there. */
    void add(Entry entry) {
        if (size * 2 >= slots.length()) {
            grow();
        }
        put(slots, entry);
        size++;
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Entry> before = slots;
        AtomicReferenceArray<@Nullable Entry> more = new AtomicReferenceArray<>(before.length() * 2);
        for (int i = 0; i < before.length(); i++) {
            Entry entry = before.get(i);
            if (entry != null) {
                put(more, entry);
            }
        }
        slots = more;
    }

    private static void put(AtomicReferenceArray<@Nullable Entry> all, Entry entry) {
        int mask = all.length() - 1;
        int at = entry.home() & mask;
        while (all.get(at) != null) {
            at = (at + 1) & mask;
        }
        all.set(at, entry);
    }

    /** Removes an entry that is there; what had to make way for it moves up, so that none stands behind an empty slot. */
    void remove(Entry gone) {
        int mask = slots.length() - 1;
        int hole = gone.home() & mask;
        while (slots.get(hole) != gone) {
            hole = (hole + 1) & mask;
        }
        int at = hole;
        while (true) {
            at = (at + 1) & mask;
            Entry entry = slots.get(at);
            if (entry == null) {
                break;
            }
            int fromHome = (at - entry.home()) & mask;
            int fromHole = (at - hole) & mask;
            if (fromHome >= fromHole) {
                slots.set(hole, entry);
                hole = at;
            }
        }
        slots.set(hole, null);
        size--;
    }

    /** Removes all at once. */
    void clear() {
        slots = new AtomicReferenceArray<>(FEWEST_SLOTS);
        size = 0;
    }

    /** {@return an entry; another one each time, until all have had their turn; there must be one} */
    Entry any() {
        while (true) {
            hand = (hand + 1) & (slots.length() - 1);
            Entry entry = slots.get(hand);
            if (entry != null) {
                return entry;
            }
        }
    }
}
