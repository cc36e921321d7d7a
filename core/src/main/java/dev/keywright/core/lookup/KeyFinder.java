package dev.keywright.core.lookup;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.usage.UsageCounter;
import org.jspecify.annotations.Nullable;

/** Finds the key to which a text belongs, in the store or in a cache. Thread-safe. */
public interface KeyFinder {

    /** Result of a lookup, and the usage counter of the cache entry where a cache answered. */
    interface Result {

        /** {@return the result of the lookup} */
        LookupResult lookupResult();

        /** {@return the usage counter of the cached key; null if the store answered, or there is no key} */
        @Nullable UsageCounter usageCounter();
    }

    /** Whether a token begins like an API key, so that it should not be passed on to the host's other authentication. */
    boolean recognizes(@Nullable String token);

    /**
     * Finds a key, whatever its state.
     *
     * @param text the text; null, for a client that sent none, is not recognized
     * @throws StoreUnavailableException if the store must be asked and cannot answer
     */
    Result find(@Nullable String text);

    /**
     * Finds a tenant's key by its id, whatever its state.
     *
     * @throws StoreUnavailableException if the store must be asked and cannot answer
     */
    Result find(TenantId tenant, KeyId id);
}
