package dev.keywright.core.event;

import dev.keywright.core.common.MonotonicTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Suppresses most of the events that clients can bring about as often as they like, so that they flood neither the log nor a
 * listener.
 *
 * <ol>
 *   <li>Events are counted in slots: one for each owner and kind, and a shared one for each kind, for events without an owner.
 *   <li>The first event of a slot is told immediately, and opens a minute in which all further events of the slot are counted.
 *   <li>The first event after the minute is told with that count, and opens the next minute. Where none comes, {@link
 *       #tellHeldBack} tells the last of those that were held back, with the number of the others. Either way each event is
 *       told or counted once, and none twice.
 *   <li>An owner's slot whose minute is over, and which holds nothing back, is forgotten. There are at most 10,000, or a few
 *       more while many threads come at once; an event that would need another one goes into the shared slot of its kind.
 * </ol>
 *
 * <p>A flood of events without an owner is the path that counts: it reads the clock and adds to a counter, without a lock
 * and without an allocation. Thread-safe.
 *
 * @param <E> the events
 */
final class Throttle<E> {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_SLOTS = 10_000;

    private final MonotonicTime time;
    private final ObjLongConsumer<E> listener;
    private final Map<Object, Slot<E>> shared = new ConcurrentHashMap<>();
    private final Map<Object, Slot<E>> owned = new ConcurrentHashMap<>();

    /** An event to be told. */
    private record Told<E>(E event, long heldBack) {}

    /**
     * Makes a throttle.
     *
     * @param listener told of an event, and of how many were held back since the last one
     */
    Throttle(MonotonicTime time, ObjLongConsumer<E> listener) {
        this.time = time;
        this.listener = listener;
    }

    /** Adds an event without an owner. */
    void add(Object kind, E event) {
        tell(addShared(kind, event, time.nanoTime()));
    }

    /**
     * Adds an event of an owner.
     *
     * @param owner equal for all events of one owner and kind
     */
    void add(Object kind, Object owner, E event) {
        tell(addOwned(kind, owner, event, time.nanoTime()));
    }

    private @Nullable Told<E> addShared(Object kind, E event, long now) {
        Slot<E> slot = shared.get(kind);
        if (slot == null) {
            slot = shared.computeIfAbsent(kind, absent -> new Slot<>(now));
        }
        return slot.add(event, now);
    }

    private @Nullable Told<E> addOwned(Object kind, Object owner, E event, long now) {
        while (true) {
            Slot<E> slot = owned.get(owner);
            if (slot == null) {
                if (owned.size() >= MAX_SLOTS) {
                    return addShared(kind, event, now);
                }
                slot = owned.computeIfAbsent(owner, absent -> new Slot<>(now));
            }
            // Under its lock, so that nothing is counted in a slot that is being forgotten.
            synchronized (slot) {
                if (!slot.forgotten) {
                    return slot.add(event, now);
                }
            }
        }
    }

    /** Tells what is held back in slots whose minute is over. */
    void tellHeldBack() {
        tellHeldBack(time.nanoTime());
    }

    /** Tells what is held back, at the end. */
    void tellAllHeldBack() {
        tellHeldBack(time.nanoTime() + MINUTE);
    }

    private void tellHeldBack(long now) {
        shared.values().forEach(slot -> tell(slot.takeHeldBack(now)));
        owned.forEach((owner, slot) -> {
            Told<E> told;
            synchronized (slot) {
                told = slot.takeHeldBack(now);
                if (told == null && slot.isOver(now)) {
                    slot.forgotten = true;
                    owned.remove(owner, slot);
                }
            }
            tell(told);
        });
    }

    private void tell(@Nullable Told<E> told) {
        if (told != null) {
            listener.accept(told.event(), told.heldBack());
        }
    }

    /** The events that are counted together. */
    private static final class Slot<E> {

        private final LongAdder heldBack = new LongAdder();
        private volatile long minuteEnds;
        private volatile @Nullable E last;

        /** How many of those held back have been told of; guarded by the slot, as is the next. */
        private long toldOf;

        private boolean forgotten;

        private Slot(long now) {
            this.minuteEnds = now;
        }

        private boolean isOver(long now) {
            return now - minuteEnds >= 0;
        }

        /** {@return the event to be told; null where this one is held back} */
        private @Nullable Told<E> add(E event, long now) {
            if (isOver(now)) {
                return open(event, now);
            }
            hold(event);
            return null;
        }

        private void hold(E event) {
            // Mostly the same object again: written each time, it would go back and forth between the processors.
            if (last != event) {
                last = event;
            }
            heldBack.increment();
        }

        private synchronized @Nullable Told<E> open(E event, long now) {
            if (!isOver(now)) {
                // Another thread came first.
                hold(event);
                return null;
            }
            minuteEnds = now + MINUTE;
            return new Told<>(event, takeCount());
        }

        private synchronized @Nullable Told<E> takeHeldBack(long now) {
            E event = last;
            if (event == null || !isOver(now)) {
                return null;
            }
            long count = takeCount();
            if (count == 0) {
                return null;
            }
            minuteEnds = now + MINUTE;
            return new Told<>(event, count - 1);
        }

        /** Never set back to zero, which would lose what is added meanwhile. */
        private long takeCount() {
            long sum = heldBack.sum();
            long count = sum - toldOf;
            toldOf = sum;
            return count;
        }
    }
}
