package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.core.KeyFinder.Found;
import dev.keywright.core.TextNames.Name;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was found lately, by the names of the texts: so many keys, in whatever state they are, and a few texts that belong to
 * none, in a table of their own, so that no made-up text takes the place of a key. Where there is no room, a key goes that was
 * not used since it was last looked at (second chance).
 *
 * <p>Safe for use by many threads: whoever asks takes no lock; whoever fills or forgets takes the same one, so that each of
 * these is one step to the others.
 */
class Entries {

    private static final int MOST_UNKNOWN = 1024;

    private final int mostKeys;
    private final Map<Name, Entry> byName = new ConcurrentHashMap<>();

    /** The keys in the order in which they are looked at when room is needed. Guarded by this. */
    private final Map<KeyId, Entry> byId = new LinkedHashMap<>();

    /** The texts that belong to no key, the oldest first. Guarded by this. */
    private final Queue<Name> unknown = new ArrayDeque<>();

    private volatile long generation;

    /** What was found for a text, and whether anybody has asked for it since it was last looked at. */
    private static final class Entry {
        final Name name;
        final Found found;
        boolean used;

        Entry(Name name, Found found) {
            this.name = name;
            this.found = found;
        }
    }

    Entries(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    /** {@return what was found for a text; null where nothing is known of it} */
    final @Nullable Found get(Name name) {
        Entry entry = byName.get(name);
        if (entry == null) {
            return null;
        }
        if (!entry.used) {
            entry.used = true;
        }
        return entry.found;
    }

    /** {@return what changes each time that anything may have been forgotten} */
    final long generation() {
        return generation;
    }

    /** Remembers what was found, if nothing was forgotten since a generation. */
    synchronized boolean fill(Name name, Found found, long since) {
        if (generation != since) {
            return false;
        }
        put(name, found);
        return true;
    }

    /** Forgets some keys; and where anything was written, all texts that belonged to none: by now, they may. */
    synchronized void forget(Collection<KeyId> changed, boolean anyWritten) {
        nextGeneration();
        for (KeyId id : changed) {
            Entry entry = byId.remove(id);
            if (entry != null) {
                byName.remove(entry.name);
            }
        }
        if (anyWritten) {
            unknown.forEach(byName::remove);
            unknown.clear();
        }
    }

    /** Forgets everything. */
    synchronized void forgetAll() {
        nextGeneration();
        byName.clear();
        byId.clear();
        unknown.clear();
    }

    /** How many keys are remembered. */
    synchronized int keys() {
        return byId.size();
    }

    void nextGeneration() {
        generation = generation() + 1;
    }

    final synchronized void put(Name name, Found found) {
        if (byName.containsKey(name)) {
            return;
        }
        ApiKey key = found.key();
        if (key == null) {
            if (unknown.size() == MOST_UNKNOWN) {
                byName.remove(unknown.remove());
            }
            unknown.add(name);
        } else {
            if (byId.size() == mostKeys && !byId.containsKey(key.id())) {
                evictOne();
            }
        }
        Entry entry = new Entry(name, found);
        Entry before = key == null ? null : byId.put(key.id(), entry);
        if (before != null) {
            // Two texts of one key there cannot be; but if there were, nothing would ever forget the first.
            byName.remove(before.name);
        }
        byName.put(name, entry);
    }

    private void evictOne() {
        while (true) {
            Map.Entry<KeyId, Entry> first = byId.entrySet().iterator().next();
            KeyId id = first.getKey();
            Entry entry = first.getValue();
            byId.remove(id);
            if (!entry.used) {
                byName.remove(entry.name);
                return;
            }
            entry.used = false;
            byId.put(id, entry);
        }
    }
}
