package dev.keywright.core.management;

import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.spi.StoredKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background task, which runs once a minute: records usage, reports suppressed rejections, and announces keys that expire
 * soon. Thread-safe.
 */
public final class Maintenance implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    private static final int BATCH = 100;
    private static final long INTERVAL_SECONDS = 60;

    private final ExpiryClaims claims;
    private final Clock clock;
    private final List<Duration> expiryWarnings;
    private final UsageBuffer usageBuffer;
    private final EventPublisher events;
    private Runnable stopThread = () -> {};
    private boolean closed;

    /** The only method of the store that maintenance calls: {@link dev.keywright.spi.UsageStore#claimExpiring}. */
    @FunctionalInterface
    public interface ExpiryClaims {
        List<StoredKey> claimExpiring(Instant now, Duration warning, int limit);
    }

    /**
     * Creates the task.
     *
     * @param expiryWarnings the times before the expiry of a key at which it is announced, in any order
     */
    public Maintenance(
            ExpiryClaims claims,
            Clock clock,
            Set<Duration> expiryWarnings,
            UsageBuffer usageBuffer,
            EventPublisher events) {
        this.claims = claims;
        this.clock = clock;
        this.expiryWarnings = expiryWarnings.stream().sorted().toList();
        this.usageBuffer = usageBuffer;
        this.events = events;
    }

    /** Passes this task to the scheduler; if there is none, runs it on a thread of its own. */
    public synchronized void start(@Nullable Consumer<Runnable> scheduler) {
        if (scheduler != null) {
            scheduler.accept(this);
            return;
        }
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "keywright-maintenance");
            daemon.setDaemon(true);
            return daemon;
        });
        Future<?> schedule = thread.scheduleWithFixedDelay(this, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        stopThread = () -> {
            schedule.cancel(false);
            thread.shutdown();
        };
    }

    /** Runs each step, even if another one has failed. Never throws, because an exception would end the schedule. */
    @Override
    public synchronized void run() {
        if (closed) {
            return;
        }
        attempt("recording usage", usageBuffer::flush);
        attempt("reporting rejections", events::publishHeldBack);
        attempt("announcing keys that expire soon", this::announceExpiring);
    }

    private static void attempt(String operation, Runnable step) {
        try {
            step.run();
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            // Claims whose commit was not answered may be lost; the report of expiring keys still has these keys.
            Quietly.run(() -> log.warn(
                    "API key maintenance failed while {}; retried at the next run: {}", operation, e.getMessage()));
        } catch (Throwable e) {
            Quietly.run(() -> log.error(
                    "API key maintenance failed unexpectedly while {}; retried at the next run", operation, e));
        }
    }

    /** Flushes and stops. Runs each step, even if another one has failed; closing again does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        attempt("stopping its schedule", stopThread);
        attempt("recording usage", usageBuffer::flush);
        attempt("reporting rejections", events::publishHeldBack);
        attempt("closing its listeners", events::close);
    }

    /**
     * Announces keys for the shortest warning first, since a key is not claimed for a longer warning after a shorter one: a key with
     * less time left than several warnings is announced once. Stops at a warning with keys left, which a longer one would claim too.
     */
    private void announceExpiring() {
        for (Duration warning : expiryWarnings) {
            if (!announceExpiring(warning)) {
                return;
            }
        }
    }

    /** {@return whether all keys were announced for a warning} */
    private boolean announceExpiring(Duration warning) {
        // Claims no more than the queues of the listeners can hold: a claimed key is not announced again.
        for (int left = events.remainingCapacity(); left > 0; left = events.remainingCapacity()) {
            Instant now = clock.instant();
            int limit = Math.min(BATCH, left);
            List<StoredKey> expiring = claims.claimExpiring(now, warning, limit);
            expiring.forEach(stored -> events.expiring(stored.key(), warning));
            if (expiring.size() < limit) {
                return true;
            }
        }
        return false;
    }
}
