package dev.keywright.benchmarks.scale;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;

import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import java.sql.SQLException;
import java.util.List;

/** Rounds in which all operations are measured. */
final class Rounds {

    static final int USED = 1000;
    static final int INSERTED = 500;
    static final int INSERTED_SINGLY = 100;

    private static final int TURNS = 50;
    private static final int MAX_ACTIVE = 1_000_000;

    private final StoreOperations operations;
    private final GeneratedKeys keys;
    private final long nanos;

    final Samples select = new Samples();
    final Samples find = new Samples();
    final Samples selectIssued = new Samples();
    final Samples verify = new Samples();
    final Samples list = new Samples();
    final Samples insert = new Samples();
    final Samples insertAll = new Samples();
    final Samples recordUsage = new Samples();
    final Samples roundTrips = new Samples();
    final Samples claimExpiring = new Samples();
    final Samples purge = new Samples();
    final Samples countByOrigin = new Samples();

    Rounds(StoreOperations operations, double seconds) {
        this.operations = operations;
        this.keys = operations.keys();
        this.nanos = (long) (seconds * 1e9);
    }

    /** An operation. */
    @FunctionalInterface
    private interface Operation {
        void run() throws SQLException;
    }

    /** The total duration of some calls. */
    private record Total(long nanos, long calls) {

        Total plus(Total other) {
            return new Total(nanos + other.nanos, calls + other.calls);
        }

        double micros() {
            return nanos / 1e3 / calls;
        }
    }

    /** Measures one round; the order of compared operations should alternate between rounds. */
    void round(boolean selectFirst) throws SQLException {
        alternate(
                selectFirst,
                () -> operations.select(keys.digest(keys.any())),
                select,
                () -> operations.find(keys.digest(keys.any())),
                find);
        alternate(
                selectFirst,
                () -> operations.selectIssued(operations.anyIssued()),
                selectIssued,
                () -> operations.verify(operations.anyIssued()),
                verify);
        list.add(repeat(operations::list, nanos).micros());
        List<StoredKey> unsaved = keys.unsaved(INSERTED_SINGLY);
        insert.add(micros(
                        () -> unsaved.forEach(key -> operations.store().insert(key, ofTenant(MAX_ACTIVE), keys.now())))
                / INSERTED_SINGLY);
        List<ImportCandidate> candidates = keys.unsaved(INSERTED).stream()
                .map(key -> new ImportCandidate(key, List.of()))
                .toList();
        insertAll.add(micros(() -> operations.store().insertAll(candidates)));
        List<UsageDelta> usage = keys.usage(Math.min(USED, keys.size() / 3));
        long before = CountingSocketFactory.roundTrips();
        recordUsage.add(
                micros(() -> operations.store().usageStore().orElseThrow().recordUsage(usage)));
        roundTrips.add((double) (CountingSocketFactory.roundTrips() - before));
        claimExpiring.add(micros(operations::claimExpiring));
        purge.add(micros(operations::purge));
        countByOrigin.add(micros(() -> operations.store().countByOrigin(keys.now())));
    }

    /** Measures two operations in short alternating turns, so that other load on the machine affects both alike. */
    private void alternate(boolean oneFirst, Operation one, Samples ofOne, Operation other, Samples ofOther)
            throws SQLException {
        Total total = new Total(0, 0);
        Total otherTotal = new Total(0, 0);
        for (int turn = 0; turn < TURNS; turn++) {
            if (oneFirst == (turn % 2 == 0)) {
                total = total.plus(repeat(one, nanos / TURNS));
                otherTotal = otherTotal.plus(repeat(other, nanos / TURNS));
            } else {
                otherTotal = otherTotal.plus(repeat(other, nanos / TURNS));
                total = total.plus(repeat(one, nanos / TURNS));
            }
        }
        ofOne.add(total.micros());
        ofOther.add(otherTotal.micros());
    }

    private static Total repeat(Operation operation, long nanos) throws SQLException {
        long begun = System.nanoTime();
        long ended = begun;
        long calls = 0;
        while (calls == 0 || ended - begun < nanos) {
            operation.run();
            calls++;
            ended = System.nanoTime();
        }
        return new Total(ended - begun, calls);
    }

    private static double micros(Operation operation) throws SQLException {
        long begun = System.nanoTime();
        operation.run();
        return (System.nanoTime() - begun) / 1e3;
    }
}
