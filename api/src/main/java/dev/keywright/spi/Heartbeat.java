package dev.keywright.spi;

import dev.keywright.StoreUnavailable;

/**
 * How one node that caches keys follows what all nodes write. It has a connection of its own, where a store has connections, so
 * that it does not stand in line behind look-ups. Used by one thread; {@link #close} by any.
 */
public interface Heartbeat extends AutoCloseable {

    /**
     * Asks what was written.
     *
     * @param applied the revision up to which this node knows all that was written
     * @param limit how many changed keys it wants to hear of at most, at least 1
     * @return what was written; all of it MUST come from one snapshot, which holds every write that had returned before this
     *     call began
     * @throws StoreUnavailable if the store cannot answer, or this is closed. The call MUST end within seconds
     */
    Poll poll(long applied, int limit);

    /** Gives back the connection. A poll that is under way in another thread fails at once. Closing again does nothing. */
    @Override
    void close();
}
