package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many write transactions of a store run at the same time. All writers of a database wait for one row; a database in
 * which many wait for a lock spends its time on waking them, and serves them in any order. So the writers of a process queue
 * here, without a connection, and at most {@value #PLACES} of them compete for the row: one that holds it, and one that takes
 * it over.
 *
 * <p>First come, first served, with one exception: revocations overtake other writes. At most {@value #MAX_OVERTAKING} of them
 * overtake in a row, so that a flood of revocations delays other writes, and does not stop them.
 *
 * <p>Thread-safe.
 */
final class WriteGate {

    /** What a writer is about to do. */
    enum Kind {
        REVOCATION,
        OTHER
    }

    static final int PLACES = 2;

    static final int MAX_OVERTAKING = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> revocations = new ArrayDeque<>();
    private final Deque<Waiter> others = new ArrayDeque<>();
    private int free;
    private int overtaking;

    WriteGate() {
        this(PLACES);
    }

    WriteGate(int places) {
        free = places;
    }

    /** A writer in the queue. Guarded by the lock. */
    private static final class Waiter {

        private final Condition turn;
        private boolean admitted;

        Waiter(Condition turn) {
            this.turn = turn;
        }
    }

    /**
     * Takes a place, and waits for one if need be. Each successful call must be followed by {@link #leave}.
     *
     * @throws StoreUnavailableException if no place became free before the deadline, or the thread was interrupted while it waited; its
     *     interrupt flag stays set
     */
    void enter(Kind kind, Deadline deadline) {
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
            long left = deadline.nanosLeft();
            while (!waiter.admitted && left > 0) {
                left = waiter.turn.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A writer that was admitted meanwhile has a place, which must not be lost: it goes on.
        if (!waiter.admitted) {
            queue.remove(waiter);
            throw new StoreUnavailableException(
                    Thread.currentThread().isInterrupted()
                            ? "the call was interrupted while it waited for other writers"
                            : "the call waited for other writers for as long as it may take",
                    null);
        }
    }

    /** Gives the place back, or to the writer whose turn it is. */
    void leave() {
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

    /** Returns how many writers wait. */
    int waiting() {
        lock.lock();
        try {
            return revocations.size() + others.size();
        } finally {
            lock.unlock();
        }
    }
}
