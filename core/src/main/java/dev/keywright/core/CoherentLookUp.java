package dev.keywright.core;

import org.jspecify.annotations.Nullable;

/**
 * Finds keys in what is remembered of them, as long as that may answer; and otherwise in the store. Revocation is immediate
 * all the same. This is the whole protocol, whose steps stand here in the order of its ADR.
 *
 * <p><b>Whoever writes</b>, with a cache or without ({@link dev.keywright.spi.KeyStore} and {@link LeaseWait}):
 *
 * <ol>
 *   <li>In one transaction, the first statement takes the next revision; its lock puts all writers in one order. What changes is
 *       a later statement, and is stamped with it.
 *   <li>What touches many keys, or removes some, sets the floor to its revision.
 *   <li>After the commit, 1.25 leases pass before the call returns; also where nothing had to change.
 *   <li>Whoever is interrupted meanwhile is told that the key is revoked, and not yet everywhere.
 * </ol>
 *
 * <p><b>A node that caches</b>, three times in each lease ({@link Heart}):
 *
 * <ol start="5">
 *   <li>It looks at the clock, before it even asks for a connection.
 *   <li>It polls: revision, floor, and the keys that changed above the revision that it has applied, from one snapshot.
 *   <li>It forgets what changed; everything, if the floor is above what it has applied, if too much has changed, if the revision
 *       went backwards, if its lease has run out, or if this is the first poll on a new connection, which may lead to another
 *       server. The generation rises with it, in one step with respect to fills.
 *   <li>Last of all, its lease ends one lease after the first step's time. A poll that failed extends nothing.
 * </ol>
 *
 * <p><b>A verification</b> (here):
 *
 * <ol start="9">
 *   <li>It looks at the lease. If that has run out, it asks the store, and what that says is not remembered. Only then does it
 *       look at the entry.
 *   <li>An entry answers. Without one, it notes the generation, asks the store by itself (it joins nobody's question: that
 *       could have been asked before it began), and remembers the answer if the generation is still the same, in one step.
 *   <li>If the store cannot answer, that is an error, and never a yes.
 * </ol>
 */
class CoherentLookUp implements KeyFinder {

    private final LookUp store;
    private final TextNames names;
    private final Lease lease;
    private final Entries entries;
    private final CacheCounters counters;

    CoherentLookUp(LookUp store, TextNames names, Lease lease, Entries entries, CacheCounters counters) {
        this.store = store;
        this.names = names;
        this.lease = lease;
        this.entries = entries;
        this.counters = counters;
    }

    @Override
    public Found find(@Nullable String text) {
        if (text == null) {
            return Found.NOT_RECOGNISED;
        }
        if (KeyText.hasLengthAndPrefix(text)) {
            long first = KeyText.word(text, 3);
            long second = KeyText.word(text, 11);
            long third = KeyText.word(text, 19);
            long fourth = KeyText.word(text, 27);
            if (KeyText.areDigits(first, second, third, fourth)) {
                return lease.holds()
                        ? remembered(text, entries.get(names.ofIssued(first, second, third, fourth)))
                        : readThrough(text);
            }
        }
        if (store.isImported(text)) {
            return lease.holds() ? remembered(text, entries.get(names.of(text))) : readThrough(text);
        }
        return Found.NOT_RECOGNISED;
    }

    private Found readThrough(String text) {
        counters.readThrough();
        return store.find(text);
    }

    private Found remembered(String text, @Nullable Found known) {
        if (known == null) {
            return missed(text);
        }
        counters.hit();
        return known;
    }

    private Found missed(String text) {
        long generation = entries.generation();
        Found found = store.find(text);
        if (!found.recognised()) {
            return found;
        }
        counters.miss();
        // Named once more: so the name above never leaves the method, and takes no memory.
        Found remembered = entries.fill(names.of(text), found, generation);
        if (remembered == null) {
            counters.refusedFill();
            return found;
        }
        return remembered;
    }
}
