package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyListener;
import dev.keywright.Rejected;
import dev.keywright.TenantId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Holds rejections back, so that whoever presents bad keys floods neither the log nor a listener.
 *
 * <ol>
 *   <li>There is a slot for each tenant and reason. Texts that are no key have no tenant: for those, one for each reason.
 *   <li>The first rejection is told at once, and opens a minute in which all further ones of its slot are counted.
 *   <li>The first one after the minute is told with that count, and opens the next minute. Where none comes, {@link
 *       #tellHeldBack} tells the last of those that were held back, with the number of the others. Either way each one is
 *       told or counted once, and none twice.
 *   <li>A slot whose minute is over, and which holds nothing back, is forgotten. There are at most 10,000, or a few more
 *       while many threads come at once; what would need another one goes into one for its reason, with tenants mixed.
 * </ol>
 *
 * <p>A flood of texts that are no keys is the path that counts: it reads the clock and adds to a counter, without a lock
 * and without an allocation. Safe for use by many threads.
 */
final class Rejections {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_SLOTS = 10_000;

    private final MonotonicTime time;
    private final KeyListener listener;
    private final Map<Rejected.Reason, Slot> shared = new EnumMap<>(Rejected.Reason.class);
    private final Map<Whose, Slot> slots = new ConcurrentHashMap<>();

    /** What has a slot of its own. */
    private record Whose(TenantId tenant, Rejected.Reason reason) {}

    /** What is to be told. */
    private record Told(Rejected rejected, long heldBack) {}

    Rejections(MonotonicTime time, KeyListener listener) {
        this.time = time;
        this.listener = listener;
        long now = time.nanoTime();
        for (Rejected.Reason reason : Rejected.Reason.values()) {
            shared.put(reason, new Slot(now));
        }
    }

    void add(Rejected rejected) {
        long now = time.nanoTime();
        ApiKey key = rejected.key().orElse(null);
        Told told = key == null ? shared(rejected.reason()).add(rejected, now) : add(rejected, key, now);
        tell(told);
    }

    private @Nullable Told add(Rejected rejected, ApiKey key, long now) {
        Whose whose = new Whose(key.tenant(), rejected.reason());
        while (true) {
            Slot slot = slots.get(whose);
            if (slot == null) {
                if (slots.size() >= MOST_SLOTS) {
                    return shared(rejected.reason()).add(rejected, now);
                }
                slot = slots.computeIfAbsent(whose, absent -> new Slot(now));
            }
            // Under its lock, so that nothing is counted in a slot that is being forgotten.
            synchronized (slot) {
                if (!slot.forgotten) {
                    return slot.add(rejected, now);
                }
            }
        }
    }

    private Slot shared(Rejected.Reason reason) {
        return Objects.requireNonNull(shared.get(reason));
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
        slots.forEach((whose, slot) -> {
            Told told;
            synchronized (slot) {
                told = slot.takeHeldBack(now);
                if (told == null && slot.isOver(now)) {
                    slot.forgotten = true;
                    slots.remove(whose, slot);
                }
            }
            tell(told);
        });
    }

    private void tell(@Nullable Told told) {
        if (told != null) {
            listener.verificationRejected(told.rejected(), told.heldBack());
        }
    }

    /** The rejections of one tenant and reason. */
    private static final class Slot {

        private final LongAdder heldBack = new LongAdder();
        private volatile long minuteEnds;
        private volatile @Nullable Rejected last;

        /** How many of those held back have been told of; guarded by the slot, as is the next. */
        private long toldOf;

        private boolean forgotten;

        private Slot(long now) {
            this.minuteEnds = now;
        }

        private boolean isOver(long now) {
            return now - minuteEnds >= 0;
        }

        /** {@return what is to be told; null where this one is held back} */
        private @Nullable Told add(Rejected rejected, long now) {
            if (isOver(now)) {
                return open(rejected, now);
            }
            hold(rejected);
            return null;
        }

        private void hold(Rejected rejected) {
            // Mostly the same object again: written each time, it would go back and forth between the processors.
            if (last != rejected) {
                last = rejected;
            }
            heldBack.increment();
        }

        private synchronized @Nullable Told open(Rejected rejected, long now) {
            if (!isOver(now)) {
                // Another thread came first.
                hold(rejected);
                return null;
            }
            minuteEnds = now + MINUTE;
            return new Told(rejected, takeCount());
        }

        private synchronized @Nullable Told takeHeldBack(long now) {
            Rejected rejected = last;
            if (rejected == null || !isOver(now)) {
                return null;
            }
            long count = takeCount();
            if (count == 0) {
                return null;
            }
            minuteEnds = now + MINUTE;
            return new Told(rejected, count - 1);
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
