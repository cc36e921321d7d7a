package dev.keywright.core.cache;

import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.common.TestSeam;
import dev.keywright.core.lookup.LookupResult;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses lookups that were answered from an older state, such as that of a lagging replica: they may neither accept nor reject a
 * key. Logs the first one, and later that there was none for a minute. Thread-safe.
 */
@TestSeam
class StaleLookupGuard {

    private static final Logger log = LoggerFactory.getLogger(StaleLookupGuard.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final MonotonicTime time;
    private final CacheCounters counters;
    private volatile boolean logged;
    private volatile long lastNanos;

    StaleLookupGuard(MonotonicTime time, CacheCounters counters) {
        this.time = time;
        this.counters = counters;
    }

    /**
     * {@return the result, unless its snapshot is older than a revision}
     *
     * @param applied the revision that this node had applied before the lookup began
     * @throws StoreUnavailableException if the snapshot is older
     */
    @TestSeam
    LookupResult refuseStale(LookupResult found, long applied) {
        if (found.revision() < applied) {
            counters.staleLookup();
            lastNanos = time.nanoTime();
            logOnce(found.revision(), applied);
            throw new StoreUnavailableException(
                    "the store answered a lookup from revision " + found.revision() + ", behind revision " + applied
                            + " that this node has applied; lookups must reach the primary",
                    null);
        }
        if (logged) {
            logRecovery();
        }
        return found;
    }

    private synchronized void logOnce(long revision, long applied) {
        if (!logged) {
            logged = true;
            Quietly.run(() -> log.warn(
                    "API key store answers lookups from an older state (revision {}, behind {}); verification fails closed."
                            + " Lookups must reach the primary, not a replica",
                    revision,
                    applied));
        }
    }

    private synchronized void logRecovery() {
        if (logged && time.nanoTime() - lastNanos >= QUIET_NANOS) {
            logged = false;
            Quietly.run(() -> log.info("API key store has answered no lookup from an older state for a minute"));
        }
    }
}
