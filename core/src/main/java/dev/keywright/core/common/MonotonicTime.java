package dev.keywright.core.common;

import java.util.concurrent.TimeUnit;

/** A clock that nobody sets, and a way to let it go on. Safe for use by many threads. */
public interface MonotonicTime {

    /** The machine's. */
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

    /** {@return nanoseconds, to be compared by their differences alone, as those of {@link System#nanoTime} are} */
    long nanoTime();

    /** Waits for so many nanoseconds, or a little less or more. */
    void sleep(long nanos) throws InterruptedException;
}
