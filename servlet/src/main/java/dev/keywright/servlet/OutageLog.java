package dev.keywright.servlet;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs, in the log of the application, what requests can bring about as often as clients like. The first event of a kind is
 * logged immediately, and opens a minute in which further events of that kind are counted. The first event after the minute
 * is logged with that count. While the store is down every request is a failure, and the log must not go down with it.
 * Thread-safe.
 */
final class OutageLog {

    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;

    /** One for each kind, of which there are few: classes of exceptions, and constants of ours. */
    private final Map<Object, Kind> kinds = new ConcurrentHashMap<>();

    OutageLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs a failure with its stack trace; its class is its kind. */
    void tell(ServletContext context, String sentence, Throwable failure) {
        tell(context, failure.getClass(), sentence, failure);
    }

    /**
     * Logs an event.
     *
     * @param kind what is counted together; never anything that a client has chosen
     */
    void tell(ServletContext context, Object kind, String sentence, @Nullable Throwable failure) {
        long suppressed = kinds.computeIfAbsent(kind, key -> new Kind()).suppressed(nanoTime.getAsLong());
        if (suppressed < 0) {
            return;
        }
        String line = suppressed == 0 ? sentence : sentence + " " + suppressed + " more of these were not logged.";
        if (failure == null) {
            context.log(line);
        } else {
            context.log(line, failure);
        }
    }

    private static final class Kind {

        private boolean open;
        private long opened;
        private long suppressed;

        /** {@return how many events were suppressed before this one; -1 where this one is suppressed too} */
        private synchronized long suppressed(long now) {
            if (open && now - opened < PAUSE) {
                suppressed++;
                return -1;
            }
            long before = suppressed;
            open = true;
            opened = now;
            suppressed = 0;
            return before;
        }
    }
}
