package dev.keywright.core.cache;

import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.lookup.CoarseClock;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.management.CacheStats;
import dev.keywright.spi.KeyStore;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cache of keys, with the thread that keeps it coherent. */
public final class CacheRuntime implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CacheRuntime.class);

    private static final long RESTART_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CachingKeyFinder keyFinder;
    private final RevisionPoller poller;
    private final MonotonicTime time;
    private final CoarseClock coarseClock;
    private final Thread thread;
    private volatile boolean closed;

    private CacheRuntime(
            CachingKeyFinder keyFinder, RevisionPoller poller, MonotonicTime time, CoarseClock coarseClock) {
        this.keyFinder = keyFinder;
        this.poller = poller;
        this.time = time;
        this.coarseClock = coarseClock;
        this.thread = new Thread(this::run, "keywright-revision-poller");
        thread.setDaemon(true);
    }

    /**
     * Creates a cache whose thread is not yet started.
     *
     * @param maxKeys the maximum number of cached keys
     * @param storeKeyFinder the finder for misses
     * @param coarseClock the clock that is refreshed at each poll
     */
    public static CacheRuntime of(
            int maxKeys,
            StoreKeyFinder storeKeyFinder,
            KeyStore store,
            MonotonicTime time,
            CoarseClock coarseClock,
            SecureRandom random) {
        Lease lease = new Lease(time);
        KeyCache cache = new KeyCache(maxKeys);
        CacheCounters counters = new CacheCounters();
        return new CacheRuntime(
                new CachingKeyFinder(
                        storeKeyFinder,
                        KeyFingerprints.random(storeKeyFinder.formats(), random),
                        lease,
                        cache,
                        counters,
                        new StaleLookupGuard(time, counters)),
                new RevisionPoller(store, time, lease, cache, counters),
                time,
                coarseClock);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** {@return the finder that answers from the cache} */
    public KeyFinder keyFinder() {
        return keyFinder;
    }

    /** {@return the state and the counters of the cache} */
    public CacheStats stats() {
        return poller.stats();
    }

    private void run() {
        while (!closed) {
            try {
                // Before the poll, so that a use is dated one lease too early at most, and never late.
                coarseClock.refresh();
                time.sleep(poller.poll().toNanos());
            } catch (InterruptedException e) {
                // The cache was closed, or the host interrupts all threads, which must not stop this one.
            } catch (Throwable e) {
                // Exceptions of the store are handled by the poller; this error is unexpected, such as an
                // OutOfMemoryError.
                Quietly.run(() -> log.error("API key cache poller failed unexpectedly and is restarted", e));
                pause();
            }
        }
    }

    /** Pauses, so that a permanent fault does not spin. Does not use {@link MonotonicTime}, which may have thrown. */
    private void pause() {
        LockSupport.parkNanos(RESTART_PAUSE_NANOS);
    }

    /** Stops immediately; afterwards, each verification is a lookup. */
    @Override
    public void close() {
        closed = true;
        poller.close();
        thread.interrupt();
    }
}
