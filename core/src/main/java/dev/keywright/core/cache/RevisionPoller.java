package dev.keywright.core.cache;

import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.management.CacheStats;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the changes that all nodes write, and applies them to the cache: steps 5 to 8 of {@link CachingKeyFinder}. Beats are called one
 * after another; {@link #close} and {@link #stats} by any thread.
 */
public class RevisionPoller implements AutoCloseable {

    /** How long a node may answer without having asked, in a store where nobody has cached before. */
    public static final Duration LEASE = Duration.ofMillis(250);

    /** Largest number of keys and tenants in a page of changes. */
    static final int MOST_CHANGES = 2 * KeyStore.MAX_KEYS_OF_A_WRITE;

    private static final Logger log = LoggerFactory.getLogger(RevisionPoller.class);

    private static final int BEATS_IN_A_LEASE = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final KeyStore store;
    private final MonotonicTime time;
    private final Lease lease;
    private final KeyCache entries;
    private final CacheCounters counters;

    private volatile @Nullable ChangeFeed heartbeat;
    private boolean closed;
    private Duration pause = LEASE.dividedBy(BEATS_IN_A_LEASE);
    private boolean failing;

    /** Whether nothing was heard yet on this connection: it may lead to another server, which counts anew. */
    private boolean fresh;

    RevisionPoller(KeyStore store, MonotonicTime time, Lease lease, KeyCache entries, CacheCounters counters) {
        this.store = store;
        this.time = time;
        this.lease = lease;
        this.entries = entries;
        this.counters = counters;
    }

    /**
     * Polls, and applies the changes.
     *
     * @return how long from now the next beat should come
     */
    final Duration poll() {
        long begun = time.nanoTime();
        try {
            ChangeFeed connection = heartbeat();
            // If everything is flushed anyway, the list of changes does not matter, however long it is.
            boolean flushes = fresh || hasLapsed();
            Changes page = polled(connection, flushes ? Long.MAX_VALUE : entries.applied());
            counters.polled(Duration.ofNanos(time.nanoTime() - begun));
            if (hasLapsed()) {
                counters.lapse();
            }
            follow(connection, page, begun);
            works();
            pause = page.lease().dividedBy(BEATS_IN_A_LEASE);
            return pause.minusNanos(Math.min(pause.toNanos(), time.nanoTime() - begun));
        } catch (Throwable e) {
            fails(e);
            pause = longer(pause);
            return pause;
        }
    }

    private Changes polled(ChangeFeed connection, long above) {
        Changes page = connection.poll(above, MOST_CHANGES);
        if (page.lease().isZero()) {
            // A fail-over has lost the lease, or the row was edited by hand.
            lease.end();
            throw new StoreUnavailableException("no writer waits for this node any more", null);
        }
        return page;
    }

    /** Applies all pages first, then extends the lease. */
    void follow(ChangeFeed connection, Changes first, long begun) {
        Changes page = first;
        while (!apply(page)) {
            page = polled(connection, entries.applied());
        }
        lease.extend(begun, page.lease());
    }

    /**
     * Applies a page.
     *
     * <p>The lease is looked at for each page. A record of an eviction may be deleted once every lease has run out that was extended
     * before it was written; so a page may lack one, but only if ours has run out as well.
     *
     * @return whether it was the last one
     */
    final boolean apply(Changes page) {
        // A store that does not get on would be polled for ever.
        boolean stuck = page.isPartial() && page.through() <= entries.applied();
        if (fresh || hasLapsed() || stuck || page.head() < entries.applied()) {
            entries.flush(page.head());
            counters.flush();
            fresh = false;
            return true;
        }
        entries.apply(page);
        return !page.isPartial();
    }

    boolean hasLapsed() {
        return !lease.holds();
    }

    /** The connection that is there; a new one, where there is none. */
    private ChangeFeed heartbeat() {
        ChangeFeed there = heartbeat;
        if (there == null) {
            there = store.openChangeFeed(LEASE);
            keep(there);
        }
        return there;
    }

    private synchronized void keep(ChangeFeed begun) {
        if (closed) {
            Quietly.run(begun::close);
            throw new StoreUnavailableException("the cache was closed", null);
        }
        heartbeat = begun;
        fresh = true;
    }

    private void works() {
        if (failing) {
            failing = false;
            Quietly.run(() -> log.info("The cache of API keys follows its store again"));
        }
    }

    /**
     * Gives the connection up, so that the next one begins with a flush: whatever was thrown, a page may have been applied in part.
     * Logged once, until it works again.
     */
    private void fails(Throwable e) {
        counters.failedPoll();
        end();
        if (!failing && !isClosed()) {
            failing = true;
            Quietly.run(() -> log.warn(
                    "The cache of API keys cannot follow its store, and does not answer until it can: each verification is a"
                            + " lookup",
                    e));
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void end() {
        ChangeFeed ended = heartbeat;
        // First of all: a connection whose close() throws is given up as well.
        heartbeat = null;
        if (ended != null) {
            Quietly.run(ended::close);
        }
    }

    /** Ends the lease and the poll that is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        lease.endForGood();
        end();
    }

    CacheStats stats() {
        return counters.stats(lease.left(), entries.applied(), entries.keys());
    }
}
