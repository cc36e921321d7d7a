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
 * What one listener is told: a queue, and a thread that takes from it. The thread is there only while there is something
 * to tell and for a little longer, so that nothing is kept alive by it that nobody needs any more.
 *
 * <p>When the queue is full, events are missed. The log says so once, and once more how many there were, when the listener
 * has caught up with half of what was waiting.
 */
final class ListenerQueue {

    private static final Logger log = LoggerFactory.getLogger(ListenerQueue.class);

    private static final int MOST_WAITING = 1000;
    private static final long IDLE_SECONDS = 10;

    private final KeyListener listener;
    private final String name;
    private final AtomicLong missed = new AtomicLong();
    private final ThreadPoolExecutor thread;

    ListenerQueue(KeyListener listener) {
        this.listener = listener;
        // Not its toString(), which is its author's and may say anything, or throw.
        this.name = listener.getClass().getName();
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                this::threadFor,
                (event, executor) -> miss());
        thread.allowCoreThreadTimeOut(true);
    }

    private Thread threadFor(Runnable deliveries) {
        // Without what the thread that happens to come first would pass on: that of some request.
        Thread thread = new Thread(null, deliveries, "keywright-events to " + name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** As {@link #add}, for what strangers can bring about as often as they like: it leaves half of the queue to others. */
    void addIfRoomy(Consumer<KeyListener> event) {
        if (room() > MOST_WAITING / 2) {
            add(event);
        } else {
            miss();
        }
    }

    /** {@return how many more events can wait} */
    int room() {
        return thread.getQueue().remainingCapacity();
    }

    /** Never throws, and never waits for the listener. */
    void add(Consumer<KeyListener> event) {
        try {
            thread.execute(() -> deliver(event));
        } catch (Throwable noThread) {
            // The machine has none to give.
            miss();
        }
    }

    private void deliver(Consumer<KeyListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable thrown) {
            // Errors too: rethrown here they would reach nobody, and the next event may well go through.
            Quietly.run(() -> log.warn("The listener {} threw; it goes on with the next event", name, thrown));
        }
        if (missed.get() > 0 && thread.getQueue().size() <= MOST_WAITING / 2) {
            sayMissed();
        }
    }

    private void miss() {
        // After the end nothing is missed: it was said that nothing would come.
        if (!thread.isShutdown() && missed.getAndIncrement() == 0) {
            Quietly.run(() -> log.warn("The listener {} does not keep up, and misses events from now on", name));
        }
    }

    private void sayMissed() {
        long events = missed.getAndSet(0);
        if (events > 0) {
            Quietly.run(() -> log.warn("The listener {} has missed {} events", name, events));
        }
    }

    void takeNoMore() {
        thread.shutdown();
    }

    /** Waits until all is delivered, for a time; then interrupts what is going on, and gives up the rest. */
    void end(long nanos) {
        try {
            thread.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        missed.addAndGet(thread.shutdownNow().size());
        sayMissed();
    }
}
