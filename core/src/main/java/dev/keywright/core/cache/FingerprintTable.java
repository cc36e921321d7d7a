package dev.keywright.core.cache;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Hash table of entries by the fingerprints of their texts. */
final class FingerprintTable extends ShardedTable {

    FingerprintTable(int maxEntries) {
        super(maxEntries);
    }

    @Nullable CachedResult get(Fingerprint fingerprint) {
        // Fingerprints are uniformly distributed: the upper 32 bits of low() select the shard, the lower ones the slot.
        @Nullable CachedResult[] shard = shard(fingerprint.low());
        int mask = shard.length - 1;
        int at = (int) fingerprint.low() & mask;
        CachedResult entry = slot(shard, at);
        while (entry != null && !entry.matches(fingerprint)) {
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
