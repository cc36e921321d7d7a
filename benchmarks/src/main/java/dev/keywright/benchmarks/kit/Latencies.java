package dev.keywright.benchmarks.kit;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How long things took, each known to within two per cent, and the longest of them exactly. Safe for use by many threads. */
public final class Latencies {

    /** So many bits of each number are kept; what is below them is not. */
    private static final int BITS = 7;

    private static final int STEPS = 1 << (BITS - 1);

    private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE * STEPS);
    private final LongAdder count = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    public void add(long nanos) {
        counts.incrementAndGet(step(nanos));
        count.increment();
        longest.accumulate(nanos);
    }

    public long count() {
        return count.sum();
    }

    /** {@return the longest, in nanoseconds; NaN where there is none} */
    public double longest() {
        return count() == 0 ? Double.NaN : (double) longest.get();
    }

    /** {@return what so many of a hundred did not exceed, in nanoseconds; NaN where there is none} */
    public double percentile(double percent) {
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
    public Latencies and(Latencies others) {
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

    /** {@return all that is known of them, to be {@linkplain #of read} by another process} */
    public String line() {
        StringBuilder line = new StringBuilder("" + longest.get());
        for (int step = 0; step < counts.length(); step++) {
            if (counts.get(step) > 0) {
                line.append(';').append(step).append(':').append(counts.get(step));
            }
        }
        return line.toString();
    }

    /** {@return what another process has said} */
    public static Latencies of(String line) {
        Latencies read = new Latencies();
        String[] parts = line.split(";", -1);
        read.longest.accumulate(Long.parseLong(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            String[] step = parts[i].split(":", -1);
            read.counts.set(Integer.parseInt(step[0]), Long.parseLong(step[1]));
            read.count.add(Long.parseLong(step[1]));
        }
        return read;
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
