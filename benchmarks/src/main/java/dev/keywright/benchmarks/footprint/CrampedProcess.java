package dev.keywright.benchmarks.footprint;

import dev.keywright.management.CacheStats;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A process that has little heap, and is to remember many keys in it: started by {@link Cramped}, and by nobody else. It says how it
 * got along, or ends some other way.
 */
final class CrampedProcess {

    /** Uses are written down as often as this by default. */
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final int BETWEEN_LOOKS = 1000;

    /** What those collectors are called that go through all of the heap, and let nobody run meanwhile. */
    private static final Set<String> FULL =
            Set.of("G1 Old Generation", "MarkSweepCompact", "PS MarkSweep", "ZGC Major Pauses");

    private CrampedProcess() {}

    /**
     * Runs.
     *
     * @param arguments the database's address, the file of texts, how many keys, and for how many seconds
     * @throws Exception if anything is wrong that should not be
     */
    public static void main(String[] arguments) throws Exception {
        int howMany = Integer.parseInt(arguments[2]);
        double seconds = Double.parseDouble(arguments[3]);
        Texts texts = new Texts(Path.of(arguments[1]), howMany);
        Door door = new Door(arguments[0], howMany);
        door.remember(texts, howMany);
        door.writeUses();
        CacheStats before = door.state();
        long full = full();
        long collecting = collecting();
        long verified = 0;
        long begun = System.nanoTime();
        long written = begun;
        for (long now = begun; now - begun < seconds * 1e9; now = System.nanoTime()) {
            for (int i = 0; i < BETWEEN_LOOKS; i++) {
                door.verify(texts.get(ThreadLocalRandom.current().nextInt(howMany)));
            }
            verified += BETWEEN_LOOKS;
            if (now - written > MINUTE) {
                door.writeUses();
                written = now;
            }
        }
        double took = (System.nanoTime() - begun) / 1e9;
        CacheStats after = door.state();
        System.out.println(new Cramped.Outcome(
                        after.keys(),
                        (after.hits() - before.hits()) / (double) verified,
                        verified / took,
                        (full() - full) / took,
                        (collecting() - collecting) / took / 1000)
                .line());
        System.exit(0);
    }

    private static long full() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> FULL.contains(collector.getName()))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
