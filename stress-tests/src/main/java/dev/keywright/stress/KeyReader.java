package dev.keywright.stress;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verification;
import dev.keywright.stress.SharedKeys.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Verifies all shared keys, again and again, and records the results. */
final class KeyReader implements Runnable {

    /** Verifications between two pauses, which leave processor time to others and bound the journal. */
    private static final int BATCH_SIZE = 32;

    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();
    private static final int ONE_IN_FOR_SCOPE = 4;

    private final ApiKeys keys;
    private final SharedKeys sharedKeys;
    private final ObservedStore store;
    private final Journal journal;
    private final int node;
    private final SplittableRandom random;
    private final BooleanSupplier stopped;
    private int verifications;

    KeyReader(
            ApiKeys keys,
            SharedKeys sharedKeys,
            ObservedStore store,
            Journal journal,
            int node,
            SplittableRandom random,
            BooleanSupplier stopped) {
        this.keys = keys;
        this.sharedKeys = sharedKeys;
        this.store = store;
        this.journal = journal;
        this.node = node;
        this.random = random;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        while (!stopped.getAsBoolean()) {
            int from = sharedKeys.firstInUse();
            int count = sharedKeys.size() - from;
            if (count > 0) {
                // Two readers that start at the same key would stay in step.
                int start = random.nextInt(count);
                for (int i = 0; i < count && !stopped.getAsBoolean(); i++) {
                    visit(from + (start + i) % count);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void visit(int key) {
        Phase phase = sharedKeys.phase(key);
        if (phase == Phase.EMPTY || phase == Phase.RETIRED) {
            return;
        }
        verify(key);
        if (++verifications % BATCH_SIZE == 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void verify(int key) {
        boolean forScope = random.nextInt(ONE_IN_FOR_SCOPE) == 0;
        String text = sharedKeys.text(key);
        EventType type = EventType.UNANSWERED;
        Optional<ApiKey> accepted = Optional.empty();
        store.reset();
        long begun = System.nanoTime();
        try {
            Verification verification = forScope ? keys.verify(text, Node.OPTIONAL_SCOPE) : keys.verify(text);
            accepted = verification.fold(verified -> Optional.of(verified.key()), rejected -> Optional.empty());
            type = verification.fold(verified -> EventType.ACCEPTED, KeyReader::rejection);
        } catch (StoreUnavailableException e) {
            // Recorded as unanswered.
        }
        long returned = System.nanoTime();
        int flags = (store.lookedUp() ? 0 : Event.HIT) | (forScope ? Event.FOR_SCOPE : 0);
        journal.add(new Event(
                type,
                flags | accepted.map(Node::scopeFlag).orElse(0),
                node,
                key,
                begun,
                returned,
                accepted.map(Node::version).orElse(0)));
    }

    private static EventType rejection(Rejected rejected) {
        return rejected.reason() == Rejected.Reason.MISSING_SCOPE ? EventType.MISSING_SCOPE : EventType.REJECTED;
    }
}
