package dev.keywright.core;

import dev.keywright.core.common.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Goes on only when it is told to, and begins where nanoseconds are about to become negative, as they may. */
public final class ManualTime implements MonotonicTime {

    private static final long BEGINNING = Long.MAX_VALUE - 1;

    private final AtomicLong now = new AtomicLong(BEGINNING);

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        now.addAndGet(nanos);
    }

    public void later(Duration by) {
        now.addAndGet(by.toNanos());
    }

    public Duration gone() {
        return Duration.ofNanos(now.get() - BEGINNING);
    }
}
