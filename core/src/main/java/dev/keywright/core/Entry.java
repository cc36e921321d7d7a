package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.TextNames.Name;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was found for a text, by the name of the text. */
final class Entry extends Found {

    /** As many tallies as threads can run at once, and no more than a few; a power of two. */
    private static final int TALLIES =
            Integer.highestOneBit(2 * Math.min(8, Runtime.getRuntime().availableProcessors()) - 1);

    private final long low;
    private final long high;

    /** Whether anybody has asked for it since it was last looked at. A guess: no thread waits for another to know. */
    private boolean used;

    /** Null as a rule. */
    private volatile Tally @Nullable [] tallies;

    Entry(Name name, @Nullable ApiKey key) {
        super(true, key);
        this.low = name.low();
        this.high = name.high();
    }

    boolean isNamed(Name name) {
        return low == name.low() && high == name.high();
    }

    Name name() {
        return new Name(low, high);
    }

    /**
     * {@return where this thread counts a use} As a rule that is here. But what two processors write by turns goes to and fro
     * between them each time, with all that stands beside it; so where threads often use one key, they count apart.
     */
    Tally tally() {
        Tally[] all = tallies;
        return all == null ? this : all[(int) Thread.currentThread().getId() & (TALLIES - 1)];
    }

    @Override
    void spread() {
        tallies = Stream.generate(() -> new Apart(this)).limit(TALLIES).toArray(Tally[]::new);
    }

    /** {@return where it would stand in a table with enough room} */
    int home() {
        return (int) low;
    }

    void use() {
        // Written each time, it would go back and forth between the processors.
        if (!used) {
            used = true;
        }
    }

    /** Whether it was used since this was asked before. */
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    /** One of the tallies of a key, so large that no two are written to in one line of a processor's cache. */
    @SuppressWarnings({"unused", "UnusedVariable"}) // They keep others away.
    private static final class Apart extends Tally {

        private final Entry entry;
        private long room1;
        private long room2;
        private long room3;
        private long room4;
        private long room5;
        private long room6;
        private long room7;
        private long room8;

        Apart(Entry entry) {
            this.entry = entry;
        }

        @Override
        TenantId tenant() {
            return entry.tenant();
        }

        @Override
        KeyId id() {
            return entry.id();
        }
    }
}
