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

/** Runs tasks concurrently, in threads that start at the same time. */
final class Threads {

    private Threads() {}

    /** Task with a result. */
    @FunctionalInterface
    interface Task<T> {
        T run(int thread) throws Exception;
    }

    /** Task without a result. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Runs a task in several threads, and returns the results in the order of the threads. The first failure stops all. */
    static <T> List<T> inParallel(int threads, Task<T> task) throws Exception {
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
            // In the order of completion: a task may wait for one that has failed.
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

    /** Runs a task beside others, and returns its result. */
    static <T> T race(Callable<T> first, Work... others) throws Exception {
        AtomicReference<T> result = new AtomicReference<>();
        inParallel(1 + others.length, thread -> {
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
