package dev.keywright.core.cache;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Hash table of entries by the fingerprints of their texts. */
final class FingerprintTable extends ShardedTable {

    FingerprintTable(int maxEntries) {
        super(maxEntries);
    }

    @Nullable CachedResult get(Fingerprint fingerprint) {
        // Fingerprints are uniformly distributed, and so are the halves of their lower half.
        @Nullable CachedResult[] shard = shard(fingerprint.low());
        int mask = shard.length - 1;
        int at = (int) fingerprint.low() & mask;
        CachedResult entry = slot(shard, at);
        while (entry != null && !entry.hasFingerprint(fingerprint)) {
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
