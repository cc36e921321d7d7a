package dev.keywright.core;

import dev.keywright.CacheState;
import dev.keywright.spi.KeyStore;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cache of keys, and the thread that keeps it coherent. */
final class Cache implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Cache.class);

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CoherentLookUp lookUp;
    private final Heart heart;
    private final MonotonicTime time;
    private final UseTime useTime;
    private final Thread thread;
    private volatile boolean closed;

    private Cache(CoherentLookUp lookUp, Heart heart, MonotonicTime time, UseTime useTime) {
        this.lookUp = lookUp;
        this.heart = heart;
        this.time = time;
        this.useTime = useTime;
        this.thread = new Thread(this::run, "keywright-heartbeat");
        thread.setDaemon(true);
    }

    static Cache of(
            int mostKeys, LookUp lookUp, KeyStore store, MonotonicTime time, UseTime useTime, SecureRandom random) {
        Lease lease = new Lease(time);
        Entries entries = new Entries(mostKeys);
        CacheCounters counters = new CacheCounters();
        return new Cache(
                new CoherentLookUp(
                        lookUp,
                        TextNames.drawnFrom(random),
                        lease,
                        entries,
                        counters,
                        new StaleLookups(time, counters)),
                new Heart(store, time, lease, entries, counters),
                time,
                useTime);
    }

    void begin() {
        thread.start();
    }

    KeyFinder lookUp() {
        return lookUp;
    }

    CacheState state() {
        return heart.state();
    }

    private void run() {
        while (!closed) {
            try {
                // Before the lease begins in which it is good.
                useTime.look();
                time.sleep(heart.beat().toNanos());
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
