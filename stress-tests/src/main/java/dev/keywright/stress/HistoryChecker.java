package dev.keywright.stress;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a recorded history.
 *
 * <ol>
 *   <li>A first pass over all events collects the writes to each key, on all nodes.
 *   <li>A second pass compares each other event with its key's {@link KeyHistory}.
 * </ol>
 */
final class HistoryChecker {

    private final long lease;
    private final List<@Nullable KeyHistory> keys = new ArrayList<>();
    private final Findings findings = new Findings();

    private HistoryChecker(Duration lease) {
        this.lease = lease.toNanos();
    }

    /** Events that can be read more than once. */
    @FunctionalInterface
    interface History {
        void read(Consumer<Event> each) throws IOException;
    }

    /**
     * Checks a history.
     *
     * @param lease the lease of the caches: a hit less than a lease from the revocation of its key counts as near to it
     */
    static Findings check(History history, Duration lease) throws IOException {
        HistoryChecker checker = new HistoryChecker(lease);
        history.read(event -> {
            if (event.type().isWrite()) {
                checker.key(event.key()).add(event);
            } else if (event.isAcceptance()) {
                checker.key(event.key()).addAcceptance();
            }
        });
        checker.checkWrites();
        history.read(checker::check);
        return checker.findings;
    }

    private void checkWrites() {
        for (int number = 0; number < keys.size(); number++) {
            KeyHistory key = keys.get(number);
            String violation = key == null ? null : key.violation();
            if (key != null && violation != null) {
                findings.addViolation("key " + number + " was " + violation + ": " + key.toString(0));
            }
            if (key != null && key.isRevoked()) {
                findings.addRevoked(key.revokedBy());
            }
        }
    }

    private void check(Event event) {
        KeyHistory key = key(event.key());
        findings.add(event, key, lease);
        @Nullable String violation = key.violation(event);
        if (violation != null) {
            findings.addViolation("key " + event.key() + " was " + violation + ": " + event.type()
                    + (event.isHit() ? " from the cache of node " : " from the store by node ") + event.node() + ", "
                    + (event.returned() - event.begun()) / 1000 + " µs; relative to its begin: "
                    + key.toString(event.begun()));
        }
    }

    private KeyHistory key(int number) {
        while (keys.size() <= number) {
            keys.add(null);
        }
        KeyHistory key = keys.get(number);
        if (key == null) {
            key = new KeyHistory();
            keys.set(number, key);
        }
        return key;
    }
}
