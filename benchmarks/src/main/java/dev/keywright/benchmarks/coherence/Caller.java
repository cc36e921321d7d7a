package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verification;
import dev.keywright.benchmarks.coherence.Board.Phase;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Verifies all keys of the board that are in use, again and again, and writes down what came of it. */
final class Caller implements Runnable {

    /** So many, and then a rest: the machine has other things to do, and the journal an end. */
    private static final int AT_ONCE = 32;

    private static final long REST = Duration.ofMillis(2).toNanos();
    private static final int ONE_IN_SO_MANY_FOR_A_SCOPE = 4;

    private final ApiKeys keys;
    private final Board board;
    private final WatchedStore store;
    private final Journal journal;
    private final int node;
    private final SplittableRandom random;
    private int done;

    Caller(ApiKeys keys, Board board, WatchedStore store, Journal journal, int node, SplittableRandom random) {
        this.keys = keys;
        this.board = board;
        this.store = store;
        this.journal = journal;
        this.node = node;
        this.random = random;
    }

    @Override
    public void run() {
        while (!board.isStopped()) {
            int from = board.begin();
            int span = board.end() - from;
            if (span > 0) {
                // Two callers that go the same way would come to each key at the same time.
                int start = random.nextInt(span);
                for (int i = 0; i < span && !board.isStopped(); i++) {
                    visit(from + (start + i) % span);
                }
            }
            LockSupport.parkNanos(REST);
        }
    }

    private void visit(int key) {
        Phase phase = board.phase(key);
        if (phase == Phase.EMPTY || phase == Phase.RETIRED) {
            return;
        }
        verify(key);
        if (++done % AT_ONCE == 0) {
            LockSupport.parkNanos(REST);
        }
    }

    private void verify(int key) {
        boolean scoped = random.nextInt(ONE_IN_SO_MANY_FOR_A_SCOPE) == 0;
        String text = board.text(key);
        store.forget();
        long begun = System.nanoTime();
        What what;
        try {
            what = what(scoped ? keys.verify(text, Node.LOSABLE) : keys.verify(text), scoped);
        } catch (StoreUnavailableException e) {
            what = What.UNANSWERED;
        }
        long returned = System.nanoTime();
        journal.add(new Event(what, store.wasAsked() ? Event.STORE : Event.HIT, node, key, begun, returned));
    }

    private static What what(Verification verification, boolean scoped) {
        if (verification instanceof Rejected rejected) {
            return rejected.reason() == Rejected.Reason.MISSING_SCOPE ? What.MISSING_SCOPE : What.REJECTED;
        }
        return scoped ? What.ACCEPTED_WITH_SCOPE : What.ACCEPTED;
    }
}
