package dev.keywright.benchmarks.life;

import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one key was used. Safe for use by many threads. */
final class UseHistory {

    private final long[] accepted = new long[Node.HOW_MANY];
    private final Set<Scope> acceptedFor = new HashSet<>(2);
    private final Set<Scope> askedFor = new HashSet<>(2);
    private long asked;
    private Instant lastFrom = Instant.EPOCH;
    private Instant lastTo = Instant.EPOCH;

    /** Notes that somebody is about to present the key. */
    synchronized void ask(@Nullable Scope scope) {
        asked++;
        if (scope != null) {
            askedFor.add(scope);
        }
    }

    /** Notes that a node has accepted it. */
    synchronized void accept(Node node, @Nullable Scope scope, Span span) {
        accepted[node.number()]++;
        if (scope != null) {
            acceptedFor.add(scope);
        }
        lastFrom = later(lastFrom, span.from());
        lastTo = later(lastTo, span.to());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** {@return how often a node has accepted it} */
    synchronized long acceptedBy(Node node) {
        return accepted[node.number()];
    }

    /** Whether it may be so far that this was written down. */
    synchronized boolean mayBe(Optional<KeyUsage> usage) {
        return usage.isEmpty()
                || (usage.get().count() <= asked
                        && askedFor.containsAll(usage.get().scopes()));
    }

    /** Whether this is all there is, once everything was written down. */
    synchronized boolean is(Optional<KeyUsage> usage) {
        long all = Arrays.stream(accepted).sum();
        if (usage.isEmpty()) {
            return all == 0;
        }
        KeyUsage use = usage.get();
        return use.count() == all
                && use.scopes().equals(acceptedFor)
                && new Span(lastFrom, lastTo).holds(use.lastUsedAt());
    }

    @Override
    public synchronized String toString() {
        return "accepted " + Arrays.toString(accepted) + " times by the nodes, for " + acceptedFor + ", last between "
                + lastFrom + " and " + lastTo;
    }
}
