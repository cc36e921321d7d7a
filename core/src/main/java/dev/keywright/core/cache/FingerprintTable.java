package dev.keywright.core.cache;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Hash table of entries by the names of their texts. */
final class FingerprintTable extends ShardedTable {

    FingerprintTable(int mostEntries) {
        super(mostEntries);
    }

    @Nullable CachedResult get(Fingerprint name) {
        // A name is as good as random: each of its halves chooses fairly.
        @Nullable CachedResult[] shard = shard(name.low());
        int mask = shard.length - 1;
        int at = (int) name.low() & mask;
        CachedResult entry = slot(shard, at);
        while (entry != null && !entry.hasFingerprint(name)) {
            at = (at + 1) & mask;
            entry = slot(shard, at);
        }
        return entry;
    }

    @Override
    long hash(CachedResult entry) {
        return entry.low();
    }
}
