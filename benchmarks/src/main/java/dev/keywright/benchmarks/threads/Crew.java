package dev.keywright.benchmarks.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * So many threads, which wait, then do the same work all together, and then wait again: so it can be seen what each is by itself,
 * and what it has become by the work. Used by one thread.
 */
final class Crew implements AutoCloseable {

    private static final int MINUTES_TO_FINISH = 5;

    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch begun;
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch done;
    private final CountDownLatch leave = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Starts them; each does the work with its number. */
    Crew(Kind kind, int count, IntConsumer work) {
        begun = new CountDownLatch(count);
        done = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(kind.thread(() -> live(number, work)));
        }
        threads.forEach(Thread::start);
        await(begun);
    }

    private void live(int number, IntConsumer work) {
        begun.countDown();
        await(go);
        try {
            work.accept(number);
        } catch (Throwable e) {
            failure.set(e);
        }
        done.countDown();
        await(leave);
    }

    /** Has them do the work, and returns when all have done it. */
    void work() {
        go.countDown();
        await(done);
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a thread failed: that measures nothing", failed);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(MINUTES_TO_FINISH, TimeUnit.MINUTES)) {
                throw new IllegalStateException("not all threads have done their work in minutes");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets them go. */
    @Override
    public void close() {
        go.countDown();
        leave.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
