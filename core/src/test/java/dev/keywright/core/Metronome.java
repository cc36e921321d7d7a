package dev.keywright.core;

import dev.keywright.core.common.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Manual time in which a test triggers each poll of a cache, and which advances while other threads sleep. */
public final class Metronome implements MonotonicTime {

    private final ManualTime time = new ManualTime();
    private final Semaphore pauses = new Semaphore(0);
    private final Semaphore polls = new Semaphore(0);
    private final AtomicReference<@Nullable Error> error = new AtomicReference<>();
    private volatile Thread poller;

    @Override
    public long nanoTime() {
        Error thrown = Thread.currentThread() == poller ? error.getAndSet(null) : null;
        if (thrown != null) {
            throw thrown;
        }
        return time.nanoTime();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        if (!Thread.currentThread().getName().equals("keywright-revision-poller")) {
            time.sleep(nanos);
            return;
        }
        poller = Thread.currentThread();
        pauses.release();
        polls.acquire();
    }

    /** Waits for the first poll, which is not triggered. */
    public void awaitPoll() throws InterruptedException {
        pauses.acquire();
    }

    /** Triggers a poll, and waits until it has completed. */
    public void poll() throws InterruptedException {
        polls.release();
        pauses.acquire();
    }

    /** Makes the poller fail once, when it next reads the time. */
    public void throwOnce(Error thrown) {
        error.set(thrown);
    }

    public void interruptPoller() throws InterruptedException {
        poller.interrupt();
        pauses.acquire();
    }

    public void awaitTermination() throws InterruptedException {
        poller.join();
    }

    public void later(Duration by) {
        time.later(by);
    }
}
