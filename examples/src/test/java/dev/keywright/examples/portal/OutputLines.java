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

/** Lines that a process prints, read by a thread. Thread-safe. */
final class OutputLines {

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean complete;

    private OutputLines() {}

    static OutputLines of(InputStream stream) {
        OutputLines lines = new OutputLines();
        Thread reader = new Thread(() -> lines.readAll(stream), "portal output");
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

    /** {@return the lines, once there are {@code count}, the stream has ended or the time-out has passed} */
    List<String> await(int count, Duration timeout) {
        lock.lock();
        try {
            long remaining = timeout.toNanos();
            while (lines.size() < count && !complete && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            return List.copyOf(lines);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for output", e);
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd(Duration timeout) {
        await(Integer.MAX_VALUE, timeout);
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
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
