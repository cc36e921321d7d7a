package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the number of concurrent write transactions of a store. All writers of a database wait for the lock of one row; a database
 * with many waiters spends its time on waking them, and serves them in any order. Therefore the writers of a process queue here,
 * without a connection, and at most {@value #MAX_CONCURRENT} of them compete for the row: one holds the lock, and one takes it next.
 *
 * <p>First in, first out, except that revocations overtake other writes. At most {@value #MAX_OVERTAKING} of them overtake in
 * succession, so that a flood of revocations delays other writes without starving them.
 *
 * <p>Thread-safe.
 */
final class WriteLimiter {

    /** Kind of a write, which decides its priority. */
    enum Kind {
        REVOCATION,
        OTHER
    }

    static final int MAX_CONCURRENT = 2;

    static final int MAX_OVERTAKING = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> revocations = new ArrayDeque<>();
    private final Deque<Waiter> others = new ArrayDeque<>();
    private int free;
    private int overtaking;

    WriteLimiter() {
        this(MAX_CONCURRENT);
    }

    WriteLimiter(int places) {
        free = places;
    }

    /** Writer in the queue. Guarded by the lock. */
    private static final class Waiter {

        private final Condition turn;
        private boolean admitted;

        Waiter(Condition turn) {
            this.turn = turn;
        }
    }

    /**
     * Takes a place, waiting if necessary. Each successful call must be followed by {@link #release}.
     *
     * @throws StoreUnavailableException if no place became free before the deadline, or the thread was interrupted while waiting;
     *     its interrupt status stays set
     */
    void acquire(Kind kind, Deadline deadline) {
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return;
            }
            await(kind == Kind.REVOCATION ? revocations : others, deadline);
        } finally {
            lock.unlock();
        }
    }

    private void await(Deque<Waiter> queue, Deadline deadline) {
        Waiter waiter = new Waiter(lock.newCondition());
        queue.add(waiter);
        try {
            long remaining = deadline.remainingNanos();
            while (!waiter.admitted && remaining > 0) {
                remaining = waiter.turn.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A writer that was admitted in the meantime proceeds, since its place must not be lost.
        if (!waiter.admitted) {
            queue.remove(waiter);
            throw new StoreUnavailableException(
                    Thread.currentThread().isInterrupted()
                            ? "the call was interrupted while waiting for other writers"
                            : "the call timed out while waiting for other writers",
                    null);
        }
    }

    /** Passes the place to the next writer, or frees it. */
    void release() {
        lock.lock();
        try {
            Waiter next = next();
            if (next == null) {
                free++;
            } else {
                next.admitted = true;
                next.turn.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Waiter next() {
        boolean overtakes = !revocations.isEmpty() && (others.isEmpty() || overtaking < MAX_OVERTAKING);
        overtaking = overtakes && !others.isEmpty() ? overtaking + 1 : 0;
        return overtakes ? revocations.poll() : others.poll();
    }

    /** Returns the number of waiting writers. For tests. */
    int waiting() {
        lock.lock();
        try {
            return revocations.size() + others.size();
        } finally {
            lock.unlock();
        }
    }
}
