package dev.keywright.core.management;

import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.common.Quietly;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done at intervals, apart from all requests: uses are written down, and listeners told what waits for them. */
public final class Maintenance implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    private static final int BATCH = 100;
    private static final long INTERVAL_SECONDS = 60;

    private final UsageStore store;
    private final Clock clock;
    private final Duration warning;
    private final UsageBuffer uses;
    private final EventPublisher events;
    private Runnable stop = () -> {};
    private boolean closed;

    public Maintenance(UsageStore store, Clock clock, Duration warning, UsageBuffer uses, EventPublisher events) {
        this.store = store;
        this.clock = clock;
        this.warning = warning;
        this.uses = uses;
        this.events = events;
    }

    /** Lets somebody call this at intervals; a thread of its own, where nobody is said. */
    public synchronized void start(@Nullable Consumer<Runnable> schedule) {
        if (schedule != null) {
            schedule.accept(this);
            return;
        }
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "keywright-maintenance");
            daemon.setDaemon(true);
            return daemon;
        });
        Future<?> ticking = thread.scheduleWithFixedDelay(this, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        stop = () -> {
            ticking.cancel(false);
            thread.shutdown();
        };
    }

    /** Runs each task, whatever another one threw; never throws, which would end the schedule. */
    @Override
    public synchronized void run() {
        if (closed) {
            return;
        }
        attempt("recording usage", uses::flush);
        attempt("reporting rejections", events::tellHeldBack);
        attempt("announcing keys that expire soon", this::tellEnding);
    }

    private static void attempt(String task, Runnable step) {
        try {
            step.run();
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            // Nothing was taken, or what was taken is lost; the report of what ends soon still has it.
            Quietly.run(() ->
                    log.warn("Maintenance of API keys failed at {}, and is tried again: {}", task, e.getMessage()));
        } catch (Throwable e) {
            Quietly.run(
                    () -> log.error("Maintenance of API keys failed unexpectedly at {}, and is tried again", task, e));
        }
    }

    /** Writes down what is there, and stops. Each step is taken, whatever another one threw. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        attempt("stopping its schedule", stop);
        attempt("recording usage", uses::flush);
        attempt("reporting rejections", events::tellHeldBack);
        attempt("closing its listeners", events::close);
    }

    private void tellEnding() {
        // No more than listeners have room for: what is taken is told now or never, and what is left, in a minute.
        for (int room = events.room(); room > 0; room = events.room()) {
            Instant now = clock.instant();
            int limit = Math.min(BATCH, room);
            List<StoredKey> ending = store.claimExpiring(now, now.plus(warning), limit);
            ending.forEach(stored -> events.expiring(stored.key()));
            if (ending.size() < limit) {
                return;
            }
        }
    }
}
