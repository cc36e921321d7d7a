package dev.keywright.core.cache;

import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.lookup.LookupResult;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses lookups that were answered from a state of the past, as a replica answers that lags behind: neither a yes nor a no of
 * theirs may be believed. Logs the first one, and that there were none for a minute. Thread-safe.
 */
class StaleLookupGuard {

    private static final Logger log = LoggerFactory.getLogger(StaleLookupGuard.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final MonotonicTime time;
    private final CacheCounters counters;
    private volatile boolean told;
    private volatile long last;

    StaleLookupGuard(MonotonicTime time, CacheCounters counters) {
        this.time = time;
        this.counters = counters;
    }

    /**
     * {@return the result, if its snapshot is not older than a revision}
     *
     * @param applied the revision that this node had applied before the lookup began
     * @throws StoreUnavailableException if it is older
     */
    LookupResult refuseStale(LookupResult found, long applied) {
        if (found.revision() < applied) {
            counters.staleLookup();
            last = time.nanoTime();
            tell(found.revision(), applied);
            throw new StoreUnavailableException(
                    "the store answered a lookup from revision " + found.revision() + ", behind revision " + applied
                            + " that this node has applied; lookups must reach the primary",
                    null);
        }
        if (told) {
            tellEnd();
        }
        return found;
    }

    private synchronized void tell(long revision, long applied) {
        if (!told) {
            told = true;
            Quietly.run(() -> log.warn(
                    "API key store answers lookups from the past (revision {}, behind {}); verification fails closed. Lookups"
                            + " must reach the primary, not a replica",
                    revision,
                    applied));
        }
    }

    private synchronized void tellEnd() {
        if (told && time.nanoTime() - last >= QUIET_NANOS) {
            told = false;
            Quietly.run(() -> log.info("API key store has answered no lookup from the past for a minute"));
        }
    }
}
