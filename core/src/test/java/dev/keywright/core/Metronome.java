package dev.keywright.core;

import dev.keywright.core.common.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A time in which heartbeats come when a test lets them, and which passes for everybody else while they sleep. */
public final class Metronome implements MonotonicTime {

    private final ManualTime hand = new ManualTime();
    private final Semaphore rests = new Semaphore(0);
    private final Semaphore beats = new Semaphore(0);
    private final AtomicReference<@Nullable Error> error = new AtomicReference<>();
    private volatile Thread heart;

    @Override
    public long nanoTime() {
        Error thrown = Thread.currentThread() == heart ? error.getAndSet(null) : null;
        if (thrown != null) {
            throw thrown;
        }
        return hand.nanoTime();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        if (!Thread.currentThread().getName().equals("keywright-revision-poller")) {
            hand.sleep(nanos);
            return;
        }
        heart = Thread.currentThread();
        rests.release();
        beats.acquire();
    }

    /** Waits for the first beat, which comes by itself. */
    public void awaitBeat() throws InterruptedException {
        rests.acquire();
    }

    /** Lets the heart beat once. */
    public void beat() throws InterruptedException {
        beats.release();
        rests.acquire();
    }

    /** Lets the heart fail once, when it next looks at the time. */
    public void throwOnce(Error thrown) {
        error.set(thrown);
    }

    public void interruptTheHeart() throws InterruptedException {
        heart.interrupt();
        rests.acquire();
    }

    public void awaitEnd() throws InterruptedException {
        heart.join();
    }

    public void later(Duration by) {
        hand.later(by);
    }
}
