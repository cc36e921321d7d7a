package dev.keywright.core.event;

import dev.keywright.core.common.Quietly;
import dev.keywright.management.KeyListener;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queue of the events of one listener, and the thread that delivers them. The thread exists only while there are events and for a
 * short time afterwards, so that it keeps no abandoned objects alive.
 *
 * <p>If the queue is full, events are dropped. The first dropped event is logged, and the number of all of them once the queue is half
 * empty again. Thread-safe.
 */
final class ListenerQueue {

    private static final Logger log = LoggerFactory.getLogger(ListenerQueue.class);

    private static final int MAX_QUEUED = 1000;
    private static final long IDLE_SECONDS = 10;

    private final KeyListener listener;
    private final String name;
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor thread;

    ListenerQueue(KeyListener listener) {
        this.listener = listener;
        // Not its toString(), which may return anything, or throw.
        this.name = listener.getClass().getName();
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_QUEUED),
                this::threadFor,
                (event, executor) -> drop());
        thread.allowCoreThreadTimeOut(true);
    }

    private Thread threadFor(Runnable deliveries) {
        // Without inheriting thread-locals from the thread of the first event, such as that of a request.
        Thread thread = new Thread(null, deliveries, "keywright-events to " + name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Adds an event that clients can cause arbitrarily often, and leaves half of the queue to other events. */
    void addIfHalfEmpty(Consumer<KeyListener> event) {
        if (remainingCapacity() > MAX_QUEUED / 2) {
            add(event);
        } else {
            drop();
        }
    }

    /** {@return the number of events that can still be added} */
    int remainingCapacity() {
        return thread.getQueue().remainingCapacity();
    }

    /** Adds an event; never throws, and never waits for the listener. */
    void add(Consumer<KeyListener> event) {
        try {
            thread.execute(() -> deliver(event));
        } catch (Throwable noThread) {
            // The JVM cannot create a thread.
            drop();
        }
    }

    private void deliver(Consumer<KeyListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable thrown) {
            // Including errors: no caller could handle them, and the next event may succeed.
            Quietly.run(() -> log.warn("Key listener {} failed; it continues with the next event", name, thrown));
        }
        if (dropped.get() > 0 && thread.getQueue().size() <= MAX_QUEUED / 2) {
            logDropped();
        }
    }

    private void drop() {
        // After the shutdown no event is delivered, and none counts as dropped.
        if (!thread.isShutdown() && dropped.getAndIncrement() == 0) {
            Quietly.run(() -> log.warn("Key listener {} is too slow; events are dropped from now on", name));
        }
    }

    private void logDropped() {
        long events = dropped.getAndSet(0);
        if (events > 0) {
            Quietly.run(() -> log.warn("Key listener {} missed {} dropped events", name, events));
        }
    }

    /** Accepts no further events. */
    void shutdown() {
        thread.shutdown();
    }

    /** Waits for the delivery of all events, for a limited time; then interrupts the listener, and drops the rest. */
    void close(long timeoutNanos) {
        try {
            thread.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropped.addAndGet(thread.shutdownNow().size());
        logDropped();
    }
}
