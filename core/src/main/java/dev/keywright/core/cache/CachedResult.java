package dev.keywright.core.cache;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.usage.UsageCounter;
import org.jspecify.annotations.Nullable;

/**
 * Entry of the {@link KeyCache}: a lookup result, the usage counter of its key, and the fingerprint of its text, which is absent after a
 * lookup by id.
 */
final class CachedResult implements KeyFinder.Result {

    private final LookupResult result;
    private final boolean hasFingerprint;
    private final long low;
    private final long high;

    /** Null if there is no key. */
    private final @Nullable UsageCounter usageCounter;

    /** Whether the entry was hit since {@link #getAndClearUsed}. Approximate: written without synchronization. */
    private boolean used;

    /** Entries of the same tenant, this one included; guarded by the lock of {@link KeyCache}, like the next two fields. */
    @Nullable TenantEntries siblings;

    @Nullable CachedResult older;

    @Nullable CachedResult newer;

    CachedResult(@Nullable Fingerprint fingerprint, LookupResult result) {
        this.result = result;
        this.hasFingerprint = fingerprint != null;
        this.low = fingerprint == null ? 0 : fingerprint.low();
        this.high = fingerprint == null ? 0 : fingerprint.high();
        this.usageCounter = result.key() == null ? null : new UsageCounter(result.tenant(), result.id());
    }

    @Override
    public LookupResult lookupResult() {
        return result;
    }

    @Override
    public @Nullable UsageCounter usageCounter() {
        return usageCounter;
    }

    /** {@return the tenant of the key, which must be present} */
    TenantId tenant() {
        return result.tenant();
    }

    /** {@return the id of the key, which must be present} */
    KeyId id() {
        return result.id();
    }

    /** Whether the entry can be found by the fingerprint of a text. */
    boolean hasFingerprint() {
        return hasFingerprint;
    }

    boolean matches(Fingerprint fingerprint) {
        return low == fingerprint.low() && high == fingerprint.high();
    }

    /** {@return the lower half of the fingerprint, which is the hash of the entry} */
    long low() {
        return low;
    }

    void markUsed() {
        // Written once only: otherwise the cache line would move between the processors at each hit.
        if (!used) {
            used = true;
        }
    }

    /** Whether the entry was used since the last call. */
    boolean getAndClearUsed() {
        boolean before = used;
        used = false;
        return before;
    }
}
