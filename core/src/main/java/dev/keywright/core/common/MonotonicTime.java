package dev.keywright.core.common;

import java.util.concurrent.TimeUnit;

/** Monotonic clock, and a way to sleep by it. Thread-safe. */
public interface MonotonicTime {

    /** The clock of the JVM. */
    MonotonicTime SYSTEM = new MonotonicTime() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** {@return nanoseconds since an arbitrary origin, like {@link System#nanoTime}} */
    long nanoTime();

    /** Sleeps for approximately a number of nanoseconds. */
    void sleep(long nanos) throws InterruptedException;
}
