package dev.keywright.core.event;

import dev.keywright.core.common.MonotonicTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Suppresses most of the events that clients can cause arbitrarily often, so that they flood neither the log nor a listener.
 *
 * <ol>
 *   <li>Events are counted in slots: one for each owner and kind, and a shared one for each kind, for events without an owner.
 *   <li>The first event of a slot is published immediately, and starts a minute in which further events of the slot are held back.
 *   <li>The first event after the minute is published with the number of those held back, and starts the next minute. If there is none,
 *       {@link #publishHeldBack} publishes the last one that was held back, with the number of the others. In either case each event is
 *       published or counted exactly once.
 *   <li>An owner's slot whose minute is over, and which holds nothing back, is removed. There are at most 10,000 of them, or a few more
 *       under concurrency; an event that would need another one is added to the shared slot of its kind.
 * </ol>
 *
 * <p>The fast path is a flood of events without an owner: it reads the clock and increments a counter, without a lock and without an
 * allocation. Thread-safe.
 *
 * @param <E> the type of the events
 */
final class Throttle<E> {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_SLOTS = 10_000;

    private final MonotonicTime time;
    private final ObjLongConsumer<E> listener;
    private final Map<Object, Slot<E>> shared = new ConcurrentHashMap<>();
    private final Map<Object, Slot<E>> owned = new ConcurrentHashMap<>();

    /** Event to publish, and the number of events held back since the last one. */
    private record Notice<E>(E event, long heldBack) {}

    /**
     * Creates a throttle.
     *
     * @param listener receives an event, and the number of events held back since the last one
     */
    Throttle(MonotonicTime time, ObjLongConsumer<E> listener) {
        this.time = time;
        this.listener = listener;
    }

    /** Adds an event without an owner. */
    void add(Object kind, E event) {
        publish(addShared(kind, event, time.nanoTime()));
    }

    /**
     * Adds an event of an owner.
     *
     * @param owner equal for all events of one owner and kind
     */
    void add(Object kind, Object owner, E event) {
        publish(addOwned(kind, owner, event, time.nanoTime()));
    }

    private @Nullable Notice<E> addShared(Object kind, E event, long now) {
        Slot<E> slot = shared.get(kind);
        if (slot == null) {
            slot = shared.computeIfAbsent(kind, absent -> new Slot<>(now));
        }
        return slot.add(event, now);
    }

    private @Nullable Notice<E> addOwned(Object kind, Object owner, E event, long now) {
        while (true) {
            Slot<E> slot = owned.get(owner);
            if (slot == null) {
                if (owned.size() >= MAX_SLOTS) {
                    return addShared(kind, event, now);
                }
                slot = owned.computeIfAbsent(owner, absent -> new Slot<>(now));
            }
            // Under its lock, so that nothing is counted in a slot that is being removed.
            synchronized (slot) {
                if (!slot.removed) {
                    return slot.add(event, now);
                }
            }
        }
    }

    /** Publishes the events that are held back in slots whose minute is over. */
    void publishHeldBack() {
        publishHeldBack(time.nanoTime());
    }

    /** Publishes all events that are held back, before the throttle is closed. */
    void publishAllHeldBack() {
        publishHeldBack(time.nanoTime() + MINUTE_NANOS);
    }

    private void publishHeldBack(long now) {
        shared.values().forEach(slot -> publish(slot.takeHeldBack(now)));
        owned.forEach((owner, slot) -> {
            Notice<E> notice;
            synchronized (slot) {
                notice = slot.takeHeldBack(now);
                if (notice == null && slot.isOver(now)) {
                    slot.removed = true;
                    owned.remove(owner, slot);
                }
            }
            publish(notice);
        });
    }

    private void publish(@Nullable Notice<E> notice) {
        if (notice != null) {
            listener.accept(notice.event(), notice.heldBack());
        }
    }

    /** Counter of the events that are throttled together. */
    private static final class Slot<E> {

        private final LongAdder heldBack = new LongAdder();
        private volatile long minuteEnds;
        private volatile @Nullable E last;

        /** Number of events held back that were published or counted; guarded by the slot, like the next field. */
        private long counted;

        private boolean removed;

        private Slot(long now) {
            this.minuteEnds = now;
        }

        private boolean isOver(long now) {
            return now - minuteEnds >= 0;
        }

        /** {@return the event to publish; null if it is held back} */
        private @Nullable Notice<E> add(E event, long now) {
            if (isOver(now)) {
                return open(event, now);
            }
            hold(event);
            return null;
        }

        private void hold(E event) {
            // Usually the same object: a write each time would move the cache line between the processors.
            if (last != event) {
                last = event;
            }
            heldBack.increment();
        }

        private synchronized @Nullable Notice<E> open(E event, long now) {
            if (!isOver(now)) {
                // Another thread was first.
                hold(event);
                return null;
            }
            minuteEnds = now + MINUTE_NANOS;
            return new Notice<>(event, takeCount());
        }

        private synchronized @Nullable Notice<E> takeHeldBack(long now) {
            E event = last;
            if (event == null || !isOver(now)) {
                return null;
            }
            long count = takeCount();
            if (count == 0) {
                return null;
            }
            minuteEnds = now + MINUTE_NANOS;
            return new Notice<>(event, count - 1);
        }

        /** {@return the number of events held back since the last call} The counter is not reset, which would lose concurrent events. */
        private long takeCount() {
            long sum = heldBack.sum();
            long count = sum - counted;
            counted = sum;
            return count;
        }
    }
}
