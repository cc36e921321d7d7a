package dev.keywright.core;

import dev.keywright.core.TextNames.Name;
import org.jspecify.annotations.Nullable;

/** Hash table of entries by the names of their texts. */
final class NameTable extends EntryTable {

    NameTable(int mostEntries) {
        super(mostEntries);
    }

    @Nullable Entry get(Name name) {
        // A name is as good as random: each of its halves chooses fairly.
        @Nullable Entry[] shard = shard(name.low());
        int mask = shard.length - 1;
        int at = (int) name.low() & mask;
        Entry entry = slot(shard, at);
        while (entry != null && !entry.isNamed(name)) {
            at = (at + 1) & mask;
            entry = slot(shard, at);
        }
        return entry;
    }

    @Override
    long hash(Entry entry) {
        return entry.low();
    }
}
