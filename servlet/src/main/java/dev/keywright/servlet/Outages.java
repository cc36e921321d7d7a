package dev.keywright.servlet;

import dev.keywright.KeywrightException;
import jakarta.servlet.ServletContext;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells operators, in the log of the application, that the store failed: with all that lies behind it at most once a minute,
 * and else in one line. While the store is down every request is a failure, and the log must not go down with it.
 */
final class Outages {

    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long toldInFull;
    private long since;

    Outages(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.toldInFull = nanoTime.getAsLong() - PAUSE;
    }

    void tell(ServletContext context, KeywrightException failure) {
        long more = countSinceToldInFull();
        if (more == 0) {
            context.log("The store of API keys could not be relied on.", failure);
        } else {
            context.log("The store of API keys could not be relied on, " + more
                    + " times since this was last told in full: " + failure);
        }
    }

    private synchronized long countSinceToldInFull() {
        long now = nanoTime.getAsLong();
        if (now - toldInFull >= PAUSE) {
            toldInFull = now;
            since = 0;
        } else {
            since++;
        }
        return since;
    }
}
