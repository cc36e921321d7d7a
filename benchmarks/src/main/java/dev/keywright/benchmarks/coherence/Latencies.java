package dev.keywright.benchmarks.coherence;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How long things took, each known to within two per cent, and the longest of them exactly. Safe for use by many threads. */
final class Latencies {

    /** So many bits of each number are kept; what is below them is not. */
    private static final int BITS = 7;

    private static final int STEPS = 1 << (BITS - 1);

    private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE * STEPS);
    private final LongAdder count = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    void add(long nanos) {
        counts.incrementAndGet(step(nanos));
        count.increment();
        longest.accumulate(nanos);
    }

    long count() {
        return count.sum();
    }

    /** {@return the longest, in nanoseconds; NaN where there is none} */
    double longest() {
        return count() == 0 ? Double.NaN : (double) longest.get();
    }

    /** {@return what so many of a hundred did not exceed, in nanoseconds; NaN where there is none} */
    double percentile(double percent) {
        long wanted = Math.max(1, (long) Math.ceil(count() * percent / 100));
        long below = 0;
        for (int step = 0; step < counts.length(); step++) {
            below += counts.get(step);
            if (below >= wanted) {
                return Math.min((double) end(step), longest());
            }
        }
        return Double.NaN;
    }

    /** {@return these and others} */
    Latencies and(Latencies others) {
        Latencies all = new Latencies();
        for (Latencies one : new Latencies[] {this, others}) {
            for (int step = 0; step < counts.length(); step++) {
                all.counts.addAndGet(step, one.counts.get(step));
            }
            all.count.add(one.count());
            all.longest.accumulate(one.longest.get());
        }
        return all;
    }

    private static int step(long nanos) {
        int dropped = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - BITS);
        return dropped * STEPS + (int) (nanos >> dropped);
    }

    /** {@return the largest number of a step} */
    private static long end(int step) {
        int dropped = Math.max(0, step / STEPS - 1);
        return ((step - (long) dropped * STEPS + 1) << dropped) - 1;
    }
}
