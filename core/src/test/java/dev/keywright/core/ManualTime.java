package dev.keywright.core;

import dev.keywright.core.common.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Monotonic time that a test advances; it starts shortly before an overflow of the nanoseconds. */
public final class ManualTime implements MonotonicTime {

    private static final long START = Long.MAX_VALUE - 1;

    private final AtomicLong now = new AtomicLong(START);

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

    public Duration elapsed() {
        return Duration.ofNanos(now.get() - START);
    }
}
