package dev.keywright.servlet;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Throttled log of the servlet context, for events that clients can cause at any rate: an outage of the store must not flood the
 * log. The first event of a kind is logged immediately and starts a minute in which further events of that kind are only counted.
 * The first event after the minute is logged with the count. Thread-safe.
 */
final class ThrottledLog {

    private static final long SUPPRESSION_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;

    /** Bounded, since kinds are exception classes and constants. */
    private final Map<Object, Kind> kinds = new ConcurrentHashMap<>();

    ThrottledLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs a failure with its stack trace; its class is its kind. */
    void log(ServletContext context, String message, Throwable failure) {
        log(context, failure.getClass(), message, failure);
    }

    /**
     * Logs an event.
     *
     * @param kind the key under which events are counted; never derived from client input
     */
    void log(ServletContext context, Object kind, String message, @Nullable Throwable failure) {
        long suppressed = kinds.computeIfAbsent(kind, key -> new Kind()).suppressed(nanoTime.getAsLong());
        if (suppressed < 0) {
            return;
        }
        String line = suppressed == 0 ? message : message + " (" + suppressed + " similar events suppressed)";
        if (failure == null) {
            context.log(line);
        } else {
            context.log(line, failure);
        }
    }

    private static final class Kind {

        private boolean started;
        private long startedAt;
        private long suppressed;

        /** {@return the number of events suppressed since the last one logged; -1 if this one is suppressed too} */
        private synchronized long suppressed(long now) {
            if (started && now - startedAt < SUPPRESSION_NANOS) {
                suppressed++;
                return -1;
            }
            long count = suppressed;
            started = true;
            startedAt = now;
            suppressed = 0;
            return count;
        }
    }
}
