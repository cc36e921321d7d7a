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

/** The cache of keys, and the thread that keeps it coherent. */
public final class CacheRuntime implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CacheRuntime.class);

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CachingKeyFinder keyFinder;
    private final RevisionPoller heart;
    private final MonotonicTime time;
    private final CoarseClock useTime;
    private final Thread thread;
    private volatile boolean closed;

    private CacheRuntime(CachingKeyFinder lookUp, RevisionPoller heart, MonotonicTime time, CoarseClock useTime) {
        this.keyFinder = lookUp;
        this.heart = heart;
        this.time = time;
        this.useTime = useTime;
        this.thread = new Thread(this::run, "keywright-revision-poller");
        thread.setDaemon(true);
    }

    public static CacheRuntime of(
            int mostKeys,
            StoreKeyFinder lookUp,
            KeyStore store,
            MonotonicTime time,
            CoarseClock useTime,
            SecureRandom random) {
        Lease lease = new Lease(time);
        KeyCache entries = new KeyCache(mostKeys);
        CacheCounters counters = new CacheCounters();
        return new CacheRuntime(
                new CachingKeyFinder(
                        lookUp,
                        KeyFingerprints.drawnFrom(random),
                        lease,
                        entries,
                        counters,
                        new StaleLookupGuard(time, counters)),
                new RevisionPoller(store, time, lease, entries, counters),
                time,
                useTime);
    }

    public void start() {
        thread.start();
    }

    public KeyFinder keyFinder() {
        return keyFinder;
    }

    public CacheStats stats() {
        return heart.stats();
    }

    private void run() {
        while (!closed) {
            try {
                // Before the lease begins in which it is good.
                useTime.refresh();
                time.sleep(heart.poll().toNanos());
            } catch (InterruptedException e) {
                // Closed; or somebody who interrupts all threads, and should not end this one.
            } catch (Throwable e) {
                // A beat catches what the store throws; this is the machine itself, out of memory for example.
                Quietly.run(
                        () -> log.error("The poller of the API key cache failed unexpectedly, and is restarted", e));
                rest();
            }
        }
    }

    /** Without the clock that may have thrown, so that a fault that stays does not take a processor. */
    private void rest() {
        LockSupport.parkNanos(REST_NANOS);
    }

    /** Stops at once; what is asked afterwards is looked up. */
    @Override
    public void close() {
        closed = true;
        heart.close();
        thread.interrupt();
    }
}
