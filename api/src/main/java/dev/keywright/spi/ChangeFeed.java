package dev.keywright.spi;

import dev.keywright.StoreUnavailableException;

/**
 * Feed of all writes for one caching node. Holds a connection of its own, if the store has connections, so that polls do not
 * queue behind lookups. Used by one thread; any thread may call {@link #close}.
 */
public interface ChangeFeed extends AutoCloseable {

    /**
     * Reads the changes above a revision, in the order of their revisions.
     *
     * @param applied the revision up to which this node has applied all changes; {@link Long#MAX_VALUE} to read only the
     *     present revision and the lease
     * @param limit the maximum number of keys and tenants to list; at least {@link KeyStore#MAX_KEYS_PER_WRITE} + 1, so
     *     that every poll makes progress
     * @return the changes, including every write that returned before this call began. All parts MUST come from one snapshot, or
     *     the revision from an earlier one than the lists
     * @throws StoreUnavailableException if the store cannot answer, or this feed is closed. The call MUST return or throw within seconds
     */
    Changes poll(long applied, int limit);

    /** Releases the connection. A concurrent poll fails immediately. Idempotent. */
    @Override
    void close();
}
