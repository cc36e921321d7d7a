package dev.keywright.spi;

import dev.keywright.StoreUnavailableException;

/**
 * How one node that caches keys follows what all nodes write. It has a connection of its own, where a store has connections, so
 * that it does not stand in line behind look-ups. Used by one thread; {@link #close} by any.
 */
public interface ChangeFeed extends AutoCloseable {

    /**
     * Reads the changes above a revision, in the order of their revisions.
     *
     * @param applied the revision up to which this node has applied all changes; {@link Long#MAX_VALUE} to read the present
     *     revision and the lease alone
     * @param limit how many keys and tenants to list at most; at least {@link KeyStore#MAX_KEYS_OF_A_WRITE} + 1, so that each
     *     poll gets on
     * @return the changes. All of it MUST come from one snapshot, which holds every write that had returned before this call
     *     began
     * @throws StoreUnavailableException if the store cannot answer, or this is closed. The call MUST end within seconds
     */
    Changes poll(long applied, int limit);

    /** Gives back the connection. A poll that is under way in another thread fails at once. Closing again does nothing. */
    @Override
    void close();
}
