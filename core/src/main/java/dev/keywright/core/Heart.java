package dev.keywright.core;

import dev.keywright.CacheState;
import dev.keywright.StoreUnavailable;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Heartbeat;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what all nodes write: steps 5 to 8 of {@link CoherentLookUp}. Beats are called one after another; it is closed, and
 * asked how it is doing, by any thread.
 */
class Heart implements AutoCloseable {

    /** How long a node may answer without having asked, in a store where nobody has cached before. */
    static final Duration LEASE = Duration.ofMillis(250);

    /** Where as many keys have changed between two polls, to forget all is quicker than to hear of each. */
    static final int MOST_CHANGES = 1000;

    private static final Logger log = LoggerFactory.getLogger(Heart.class);

    private static final int BEATS_IN_A_LEASE = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final KeyStore store;
    private final MonotonicTime time;
    private final Lease lease;
    private final Entries entries;
    private final CacheCounters counters;

    private volatile @Nullable Heartbeat heartbeat;
    private boolean closed;
    private Duration pause = LEASE.dividedBy(BEATS_IN_A_LEASE);
    private boolean failing;

    /** Whether nothing was heard yet on this connection: it may lead to another server, which counts anew. */
    private boolean fresh;

    private volatile long applied;

    Heart(KeyStore store, MonotonicTime time, Lease lease, Entries entries, CacheCounters counters) {
        this.store = store;
        this.time = time;
        this.lease = lease;
        this.entries = entries;
        this.counters = counters;
    }

    /**
     * Polls, and applies what it hears.
     *
     * @return how long from now the next beat should come
     */
    final Duration beat() {
        long begun = time.nanoTime();
        try {
            Changes poll = heartbeat().poll(applied, MOST_CHANGES);
            if (poll.lease().isZero()) {
                // A fail-over has lost that we began, or somebody has edited the row.
                lease.end();
                throw new StoreUnavailable("no writer waits for this node any more", null);
            }
            counters.polled(Duration.ofNanos(time.nanoTime() - begun));
            follow(poll, begun);
            works();
            pause = poll.lease().dividedBy(BEATS_IN_A_LEASE);
            return pause.minusNanos(Math.min(pause.toNanos(), time.nanoTime() - begun));
        } catch (RuntimeException | Error e) {
            fails(e);
            pause = longer(pause);
            return pause;
        }
    }

    /** First forgets, then extends. */
    void follow(Changes poll, long begun) {
        apply(poll);
        lease.extend(begun, poll.lease());
    }

    final void apply(Changes poll) {
        boolean lapsed = hasLapsed();
        if (lapsed) {
            counters.lapse();
        }
        if (lapsed || fresh || !poll.tenants().isEmpty() || poll.head() < applied || poll.isPartial()) {
            entries.forgetAll();
            counters.flush();
        } else {
            entries.forget(poll.keys(), poll.inserted());
        }
        applied = poll.head();
        fresh = false;
    }

    boolean hasLapsed() {
        return !lease.holds();
    }

    /** The connection that is there; a new one, where there is none. */
    private Heartbeat heartbeat() {
        Heartbeat there = heartbeat;
        if (there == null) {
            there = store.beginCaching(LEASE);
            keep(there);
        }
        return there;
    }

    private synchronized void keep(Heartbeat begun) {
        if (closed) {
            begun.close();
            throw new StoreUnavailable("the cache was closed", null);
        }
        heartbeat = begun;
        fresh = true;
    }

    private void works() {
        if (failing) {
            failing = false;
            log.info("The cache of API keys follows its store again");
        }
    }

    /** Said once, until it works again. Whatever it is, the next beat may work: without one, nothing would ever be remembered again. */
    private void fails(Throwable e) {
        counters.failedPoll();
        end();
        if (!failing && !isClosed()) {
            failing = true;
            log.warn(
                    "The cache of API keys cannot follow its store, and does not answer until it can: each verification is a"
                            + " look-up",
                    e);
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
        if (heartbeat != null) {
            heartbeat.close();
            heartbeat = null;
        }
    }

    /** Ends the lease and the poll that is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        lease.endForGood();
        end();
    }

    CacheState state() {
        return counters.state(lease.left(), applied, entries.keys());
    }
}
