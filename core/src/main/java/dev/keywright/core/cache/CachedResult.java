package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.usage.UsageCounter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Cached result of a lookup: by the name of the text, or by the id of the key alone where no text was presented. */
public final class CachedResult extends LookupResult {

    private final boolean hasFingerprint;
    private final long low;
    private final long high;

    /** Null where there is no key. */
    private final @Nullable UsageCounter usageCounter;

    /** Whether it was hit since it was last looked at. A guess: no thread waits for another to know. */
    private boolean used;

    /** The entries of its tenant, of which it is one; guarded by the lock of {@link KeyCache}, as are the next two. */
    @Nullable TenantEntries siblings;

    @Nullable CachedResult older;

    @Nullable CachedResult newer;

    public CachedResult(@Nullable Fingerprint name, @Nullable ApiKey key, long revision) {
        super(true, key, revision);
        this.hasFingerprint = name != null;
        this.low = name == null ? 0 : name.low();
        this.high = name == null ? 0 : name.high();
        this.usageCounter = key == null ? null : new UsageCounter(key.tenant(), key.id());
    }

    /** Whether it can be found by the name of a text. */
    boolean hasFingerprint() {
        return hasFingerprint;
    }

    boolean hasFingerprint(Fingerprint name) {
        return low == name.low() && high == name.high();
    }

    /** {@return the first half of its name, which is its hash} */
    long low() {
        return low;
    }

    /** {@return where the usage of its key is counted; there must be a key} */
    public UsageCounter usageCounter() {
        return Objects.requireNonNull(usageCounter);
    }

    void markUsed() {
        // Written each time, it would move back and forth between the processors.
        if (!used) {
            used = true;
        }
    }

    /** Whether it was used since this was asked before. */
    boolean clearUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
