package dev.keywright.core.cache;

import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.common.TestSeam;
import dev.keywright.management.CacheStats;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the changes of all nodes, and applies them to the cache: steps 5 to 8 of {@link CachingKeyFinder}. {@link #poll} is called by
 * one thread at a time, {@link #close} and {@link #stats} by any thread.
 */
@TestSeam
class RevisionPoller implements AutoCloseable {

    /** Lease of a store in which no node has cached before. */
    static final Duration LEASE = Duration.ofMillis(250);

    /** Maximum number of keys and tenants in a page of changes. */
    static final int MAX_CHANGES = 2 * KeyStore.MAX_KEYS_PER_WRITE;

    private static final Logger log = LoggerFactory.getLogger(RevisionPoller.class);

    private static final int POLLS_PER_LEASE = 3;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final KeyStore store;
    private final MonotonicTime time;
    private final Lease lease;
    private final KeyCache cache;
    private final CacheCounters counters;

    private volatile @Nullable ChangeFeed changeFeed;
    private boolean closed;
    private Duration pause = LEASE.dividedBy(POLLS_PER_LEASE);
    private boolean failing;

    /** Whether no page was applied yet from this change feed, which may lead to another server with other revisions. */
    private boolean newFeed;

    RevisionPoller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
        this.store = store;
        this.time = time;
        this.lease = lease;
        this.cache = cache;
        this.counters = counters;
    }

    /**
     * Polls and applies changes.
     *
     * @return the pause before the next poll
     */
    final Duration poll() {
        long start = time.nanoTime();
        try {
            ChangeFeed feed = changeFeed();
            // If everything is flushed anyway, the changes need not be transferred.
            boolean flushes = newFeed || hasLapsed();
            Changes page = pollPage(feed, flushes ? Long.MAX_VALUE : cache.applied());
            counters.polled(Duration.ofNanos(time.nanoTime() - start));
            if (hasLapsed()) {
                counters.lapse();
            }
            applyPages(feed, page, start);
            recovered();
            pause = page.lease().dividedBy(POLLS_PER_LEASE);
            return pause.minusNanos(Math.min(pause.toNanos(), time.nanoTime() - start));
        } catch (Throwable e) {
            failed(e);
            pause = backOff(pause);
            return pause;
        }
    }

    private Changes pollPage(ChangeFeed feed, long above) {
        Changes page = feed.poll(above, MAX_CHANGES);
        if (page.lease().isZero()) {
            // A fail-over has lost the lease, or the row was edited manually.
            lease.expire();
            throw new StoreUnavailableException("the store has no lease: no writer waits for this node", null);
        }
        return page;
    }

    /** Applies all pages first, then extends the lease. */
    @TestSeam
    void applyPages(ChangeFeed feed, Changes first, long start) {
        Changes page = first;
        while (!applyOrFlush(page)) {
            page = pollPage(feed, cache.applied());
        }
        lease.extend(start, page.lease());
    }

    /**
     * Applies a page, or flushes.
     *
     * <p>The lease is checked for each page: an eviction record may be deleted once every lease has expired that was extended
     * before it was written, so a page can lack a record only after the lease of this node has expired.
     *
     * @return whether it was the last one
     */
    final boolean applyOrFlush(Changes page) {
        // Flushes, because a store whose pages do not advance would be polled forever.
        boolean stuck = page.isPartial() && page.through() <= cache.applied();
        if (newFeed || hasLapsed() || stuck || page.head() < cache.applied()) {
            cache.flush(page.head());
            counters.flush();
            newFeed = false;
            return true;
        }
        cache.apply(page);
        return !page.isPartial();
    }

    @TestSeam
    boolean hasLapsed() {
        return !lease.holds();
    }

    /** {@return the open change feed; a new one if there is none} */
    private ChangeFeed changeFeed() {
        ChangeFeed feed = changeFeed;
        if (feed == null) {
            feed = store.openChangeFeed(LEASE);
            keep(feed);
        }
        return feed;
    }

    private synchronized void keep(ChangeFeed feed) {
        if (closed) {
            Quietly.run(feed::close);
            throw new StoreUnavailableException("the cache was closed", null);
        }
        changeFeed = feed;
        newFeed = true;
    }

    private void recovered() {
        if (failing) {
            failing = false;
            Quietly.run(() -> log.info("API key cache polls the store again"));
        }
    }

    /**
     * Closes the change feed, so that the next one starts with a flush: a page may have been applied in part. Logs the first failure
     * only, until a poll succeeds.
     */
    private void failed(Throwable e) {
        counters.failedPoll();
        closeChangeFeed();
        if (!failing && !isClosed()) {
            failing = true;
            Quietly.run(() -> log.warn(
                    "API key cache cannot poll the store; verification reads the store until a poll succeeds", e));
        }
    }

    private static Duration backOff(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void closeChangeFeed() {
        ChangeFeed feed = changeFeed;
        // First, so that a feed whose close() throws is dropped as well.
        changeFeed = null;
        if (feed != null) {
            Quietly.run(feed::close);
        }
    }

    /** Terminates the lease, and aborts a poll that is in progress. */
    @Override
    public final synchronized void close() {
        closed = true;
        lease.terminate();
        closeChangeFeed();
    }

    final CacheStats stats() {
        return counters.stats(lease.left(), cache.applied(), cache.keys());
    }
}
