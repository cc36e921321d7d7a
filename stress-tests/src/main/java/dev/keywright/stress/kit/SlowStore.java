package dev.keywright.stress.kit;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** A store with slow lookups and few connections, whose polls and lookups can be made to fail. Thread-safe. */
public final class SlowStore extends ForwardingKeyStore {

    private final KeyStore store;
    private final long lookupNanos;
    private final Semaphore connections;
    private final LongAdder lookups = new LongAdder();
    private final AtomicBoolean failNextPoll = new AtomicBoolean();
    private volatile boolean unavailable;

    /**
     * Slows down a store.
     *
     * @param store the store
     * @param lookupTime the minimum duration of a lookup
     * @param connections the maximum number of lookups at the same time; further ones wait
     */
    public SlowStore(KeyStore store, Duration lookupTime, int connections) {
        this.store = store;
        this.lookupNanos = lookupTime.toNanos();
        this.connections = new Semaphore(connections, true);
    }

    @Override
    protected KeyStore delegate() {
        return store;
    }

    /** Makes the next poll of any change feed fail, so that its cache flushes. */
    public void failNextPoll() {
        failNextPoll.set(true);
    }

    /** Makes all lookups and polls fail, or succeed again. */
    public void unavailable(boolean value) {
        unavailable = value;
    }

    /** {@return the number of lookups} */
    public long lookups() {
        return lookups.sum();
    }

    private void requireAvailable() {
        if (unavailable) {
            throw new StoreUnavailableException("the store is unavailable", null);
        }
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        requireAvailable();
        lookups.increment();
        connections.acquireUninterruptibly();
        try {
            LockSupport.parkNanos(lookupNanos);
        } finally {
            connections.release();
        }
        return super.findByDigest(digest);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        requireAvailable();
        ChangeFeed feed = super.openChangeFeed(lease);
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                requireAvailable();
                if (failNextPoll.getAndSet(false)) {
                    throw new StoreUnavailableException("the poll failed", null);
                }
                return feed.poll(applied, limit);
            }

            @Override
            public void close() {
                feed.close();
            }
        };
    }
}
