package dev.keywright.benchmarks.coherence;

import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that verify keys of a node by chance, ten and then a rest, and count for a {@link Spell} what comes of it. The keys are
 * all good. Used by one thread.
 */
final class Callers implements Closeable {

    private static final int AT_ONCE = 10;
    private static final long REST = Duration.ofMillis(1).toNanos();

    private final MeasuredNode node;
    private final List<String> texts;
    private final List<Thread> threads = new ArrayList<>();
    private volatile Spell spell = new Spell();
    private volatile boolean stopped;
    private volatile boolean rejected;

    Callers(MeasuredNode node, List<String> texts, int howMany) {
        this.node = node;
        this.texts = texts;
        for (int i = 0; i < howMany; i++) {
            Thread thread = new Thread(this::run, "caller");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Ends a spell, and begins the next. What is under way belongs to the one in which it was begun. */
    Spell next() {
        Spell last = spell;
        spell = new Spell();
        last.end();
        return spell;
    }

    /** {@return a spell that takes so long} */
    Spell spell(Duration time) throws InterruptedException {
        Spell now = next();
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        next();
        return now;
    }

    private void run() {
        while (!stopped) {
            for (int i = 0; i < AT_ONCE; i++) {
                verify(texts.get(ThreadLocalRandom.current().nextInt(texts.size())));
            }
            LockSupport.parkNanos(REST);
        }
    }

    private void verify(String text) {
        Spell now = spell;
        CountedStore store = node.store();
        store.forget();
        long begun = System.nanoTime();
        try {
            if (node.keys().verify(text) instanceof Rejected) {
                rejected = true;
            }
        } catch (StoreUnavailableException e) {
            now.failure(begun, System.nanoTime());
            return;
        }
        long ended = System.nanoTime();
        if (store.wasAsked()) {
            now.lookUp(begun, ended);
        } else {
            now.hit(begun, ended);
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (rejected) {
            throw new IllegalStateException("a good key was rejected: that measures nothing");
        }
    }
}
