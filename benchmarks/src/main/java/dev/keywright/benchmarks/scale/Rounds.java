package dev.keywright.benchmarks.scale;

import dev.keywright.benchmarks.kit.Series;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import java.sql.SQLException;
import java.util.List;

/** All the work, in turns: whatever else the machine does meets all of it alike. */
final class Rounds {

    static final int USED = 1000;
    static final int INSERTED = 500;
    static final int ISSUED = 100;

    private static final int TURNS = 50;
    private static final int MOST_ACTIVE = 1_000_000;

    private final Work work;
    private final Crowd crowd;
    private final long nanos;

    final Series select = new Series();
    final Series find = new Series();
    final Series selectIssued = new Series();
    final Series verify = new Series();
    final Series list = new Series();
    final Series issue = new Series();
    final Series insertAll = new Series();
    final Series recordUses = new Series();
    final Series roundTrips = new Series();
    final Series takeEnding = new Series();
    final Series purge = new Series();
    final Series countActive = new Series();

    Rounds(Work work, double seconds) {
        this.work = work;
        this.crowd = work.crowd();
        this.nanos = (long) (seconds * 1e9);
    }

    /** What is done once. */
    @FunctionalInterface
    private interface Once {
        void run() throws SQLException;
    }

    /** How long so many took. */
    private record Took(long nanos, long times) {

        Took and(Took other) {
            return new Took(nanos + other.nanos, times + other.times);
        }

        double micros() {
            return nanos / 1e3 / times;
        }
    }

    /** One round. Who comes first takes turns, too. */
    void round(boolean selectFirst) throws SQLException {
        turns(
                selectFirst,
                () -> work.select(crowd.digest(crowd.any())),
                select,
                () -> work.find(crowd.digest(crowd.any())),
                find);
        turns(
                selectFirst,
                () -> work.selectIssued(work.anyIssued()),
                selectIssued,
                () -> work.verify(work.anyIssued()),
                verify);
        list.add(many(work::list, nanos).micros());
        List<StoredKey> strangers = crowd.strangers(ISSUED);
        issue.add(micros(() -> strangers.forEach(key -> work.store().insert(key, MOST_ACTIVE, crowd.now()))) / ISSUED);
        List<ImportCandidate> many = crowd.strangers(INSERTED).stream()
                .map(key -> new ImportCandidate(key, List.of()))
                .toList();
        insertAll.add(micros(() -> work.store().insertAll(many)));
        List<UsageDelta> uses = crowd.uses(Math.min(USED, crowd.size() / 3));
        long before = CountedSockets.roundTrips();
        recordUses.add(micros(() -> work.store().usageStore().orElseThrow().recordUsage(uses)));
        roundTrips.add((double) (CountedSockets.roundTrips() - before));
        takeEnding.add(micros(work::takeEnding));
        purge.add(micros(work::purge));
        countActive.add(micros(() -> work.store().countByOrigin(crowd.now())));
    }

    /** In many short turns: even so, another process can take a processor from either. */
    private void turns(boolean oneFirst, Once one, Series ofOne, Once other, Series ofOther) throws SQLException {
        Took took = new Took(0, 0);
        Took otherTook = new Took(0, 0);
        for (int turn = 0; turn < TURNS; turn++) {
            if (oneFirst == (turn % 2 == 0)) {
                took = took.and(many(one, nanos / TURNS));
                otherTook = otherTook.and(many(other, nanos / TURNS));
            } else {
                otherTook = otherTook.and(many(other, nanos / TURNS));
                took = took.and(many(one, nanos / TURNS));
            }
        }
        ofOne.add(took.micros());
        ofOther.add(otherTook.micros());
    }

    private static Took many(Once once, long nanos) throws SQLException {
        long begun = System.nanoTime();
        long ended = begun;
        long times = 0;
        while (times == 0 || ended - begun < nanos) {
            once.run();
            times++;
            ended = System.nanoTime();
        }
        return new Took(ended - begun, times);
    }

    private static double micros(Once once) throws SQLException {
        long begun = System.nanoTime();
        once.run();
        return (System.nanoTime() - begun) / 1e3;
    }
}
