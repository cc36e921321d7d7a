package dev.keywright.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that begin at the same moment. */
final class Threads {

    private Threads() {}

    /** What a thread does. */
    @FunctionalInterface
    interface Task<T> {
        T run(int thread) throws Exception;
    }

    /** What a thread does that comes to nothing. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** {@return what the task came to in each thread, in the order of their numbers} The first failure ends it all. */
    static <T> List<T> atOnce(int threads, Task<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CompletionService<T> race = new ExecutorCompletionService<>(pool);
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(race.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return task.run(thread);
                }));
            }
            // In the order in which they end: some may wait for what one that has failed will never do.
            for (int i = 0; i < threads; i++) {
                race.take().get();
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** {@return what the first of these came to, while others did their work} */
    static <T> T race(Callable<T> first, Work... others) throws Exception {
        AtomicReference<T> result = new AtomicReference<>();
        atOnce(1 + others.length, thread -> {
            if (thread == 0) {
                result.set(first.call());
            } else {
                others[thread - 1].run();
            }
            return thread;
        });
        return Objects.requireNonNull(result.get());
    }
}
