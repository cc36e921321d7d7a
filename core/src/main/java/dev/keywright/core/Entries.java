package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.core.TextNames.Name;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What was found lately, by the names of the texts: so many keys, in whatever state they are, and a few texts that belong to
 * none, so that no made-up text takes the place of a key. Where there is no room, a key goes that was not used since it was last
 * looked at (second chance).
 *
 * <p>Safe for use by many threads: whoever asks takes no lock; whoever fills or forgets takes the same one, so that each of
 * these is one step to the others.
 */
class Entries {

    private static final int MOST_UNKNOWN = 1024;
    private static final int MOST_SHARED = 16_384;

    private final int mostKeys;

    /** Changed under this lock only. */
    private final NameTable byName = new NameTable();

    /** Guarded by this, as are the next two. */
    private Map<KeyId, Entry> byId = new HashMap<>();

    /** The texts that belong to no key, the oldest first. */
    private final Queue<Entry> unknown = new ArrayDeque<>();

    /**
     * What many keys have in common: tenants, scopes, who created them. One object for all of them takes the memory of one, and
     * is mostly near the processor.
     */
    private final Map<Object, Object> shared = new HashMap<>();

    private volatile long generation;

    Entries(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    /** {@return what was found for a text; null where nothing is known of it} */
    final @Nullable Found get(Name name) {
        Entry entry = byName.get(name);
        if (entry != null) {
            entry.use();
        }
        return entry;
    }

    /** {@return what changes each time that anything may have been forgotten} */
    final long generation() {
        return generation;
    }

    /**
     * Remembers what was found, if nothing was forgotten since a generation.
     *
     * @return what was found, as it is remembered; null where it is not
     */
    synchronized @Nullable Found fill(Name name, Found found, long since) {
        return generation == since ? put(name, found) : null;
    }

    /** Forgets some keys; and where anything was written, all texts that belonged to none: by now, they may. */
    synchronized void forget(Collection<KeyId> changed, boolean anyWritten) {
        nextGeneration();
        for (KeyId id : changed) {
            Entry entry = byId.remove(id);
            if (entry != null) {
                byName.remove(entry);
            }
        }
        if (anyWritten) {
            unknown.forEach(byName::remove);
            unknown.clear();
        }
    }

    /** Forgets everything, at once however much it is. */
    synchronized void forgetAll() {
        nextGeneration();
        byName.clear();
        byId = new HashMap<>();
        unknown.clear();
        shared.clear();
    }

    /** How many keys are remembered. */
    synchronized int keys() {
        return byId.size();
    }

    void nextGeneration() {
        generation = generation() + 1;
    }

    final synchronized Found put(Name name, Found found) {
        if (byName.get(name) != null) {
            return found;
        }
        ApiKey key = found.key();
        if (key == null) {
            return putUnknown(new Entry(name, null));
        }
        Entry entry = new Entry(name, sharing(key));
        // Two texts of one key there cannot be; but if there were, nothing would ever forget the first.
        Entry before = byId.remove(key.id());
        if (before != null) {
            byName.remove(before);
        } else if (byId.size() == mostKeys) {
            evictOne();
        }
        byId.put(key.id(), entry);
        byName.add(entry);
        return entry;
    }

    private Entry putUnknown(Entry entry) {
        if (unknown.size() == MOST_UNKNOWN) {
            byName.remove(unknown.remove());
        }
        unknown.add(entry);
        byName.add(entry);
        return entry;
    }

    private ApiKey sharing(ApiKey key) {
        return key.toBuilder()
                .tenant(shared(key.tenant()))
                .scopes(shared(key.scopes()))
                .createdBy(shared(key.createdBy()))
                .build();
    }

    @SuppressWarnings("unchecked") // What is equal to a T is one: tenants, scopes and actors are final classes.
    private <T> T shared(T value) {
        if (shared.size() == MOST_SHARED) {
            shared.clear();
        }
        Object before = shared.putIfAbsent(value, value);
        return before == null ? value : (T) before;
    }

    private void evictOne() {
        while (true) {
            Entry entry = byName.any();
            ApiKey key = entry.key();
            if (key != null && !entry.takeUsed()) {
                byId.remove(key.id());
                byName.remove(entry);
                return;
            }
        }
    }
}
