package dev.keywright.core.lookup;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import org.jspecify.annotations.Nullable;

/** Finds the key that a text belongs to. Safe for use by many threads. */
public interface KeyFinder {

    /**
     * Finds a key, in whatever state it is.
     *
     * @param text the text; null, where a client sent none, is not recognised
     * @throws StoreUnavailableException if it would have to be looked up, and the store cannot answer
     */
    LookupResult find(@Nullable String text);

    /**
     * Finds a tenant's key by its id, in whatever state it is.
     *
     * @throws StoreUnavailableException if it would have to be looked up, and the store cannot answer
     */
    LookupResult find(TenantId tenant, KeyId id);
}
