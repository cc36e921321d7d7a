package dev.keywright.examples.portal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The lines that a process prints, read as they come. */
final class OutputLines {

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private OutputLines() {}

    static OutputLines of(InputStream stream) {
        OutputLines lines = new OutputLines();
        Thread reader = new Thread(() -> lines.readAll(stream), "lines of a portal");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    List<String> all() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** {@return what there is when there are so many lines, or there will be no more, or the time is over} */
    List<String> await(int count, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (lines.size() < count && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return List.copyOf(lines);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for output", e);
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd(Duration patience) {
        await(Integer.MAX_VALUE, patience);
    }

    private void readAll(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
