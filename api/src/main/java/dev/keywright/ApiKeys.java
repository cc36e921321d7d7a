package dev.keywright;

/**
 * The API keys of a back end: verifies those that clients present, and leads those who may to their management. Safe for
 * use by many threads; make one for each store and keep it.
 */
public interface ApiKeys extends KeyVerifier {

    /**
     * The keys of the session's tenant, to be managed. There is no way here from an API key: none can manage keys,
     * whatever its scopes.
     *
     * @param session who asks, as the host has authenticated them
     * @return the keys of their tenant, and of no other
     * @throws NotPermitted if the session may not manage keys
     */
    TenantKeys managedBy(Session session);

    /** {@return the scopes that keys can be issued with} */
    ScopeCatalog offered();
}
