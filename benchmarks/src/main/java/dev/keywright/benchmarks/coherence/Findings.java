package dev.keywright.benchmarks.coherence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a history comes to: what is wrong with it, and how much of what could be wrong it has touched. */
final class Findings {

    private static final int SHOWN = 5;

    private final List<String> first = new ArrayList<>();
    private final Map<What, Long> kinds = new TreeMap<>();
    private final Map<Way, Long> ways = new TreeMap<>();
    private long wrong;
    private long hits;
    private long askedOfTheStore;
    private long acceptedWhileLive;
    private long hitsTooEarly;
    private long hitsBefore;
    private long hitsBetween;
    private long hitsAfter;
    private long hitsAfterElsewhere;
    private long nearest = Long.MAX_VALUE;
    private long late;

    void wrong(String what) {
        wrong++;
        if (first.size() < SHOWN) {
            first.add(what);
        }
    }

    void ended(Way way) {
        ways.merge(way, 1L, Long::sum);
    }

    /** Counts an event, with the history of its key. */
    void count(Event event, KeyHistory key, long lease) {
        kinds.merge(event.what(), 1L, Long::sum);
        if (!event.what().isVerification() || event.what() == What.UNANSWERED) {
            return;
        }
        if (event.isHit()) {
            hits++;
        } else {
            askedOfTheStore++;
        }
        if (event.what().isAcceptance() && key.livedThrough(event.begun(), event.returned())) {
            acceptedWhileLive++;
        }
        if (event.isHit() && event.what() == What.REJECTED && key.cameLater(event.returned())) {
            hitsTooEarly++;
        }
        if (key.hasEnded()) {
            near(event, event.begun() - key.ended(), key.endedBy(), lease);
        }
    }

    private void near(Event event, long distance, int endedBy, long lease) {
        if (distance > 0) {
            late++;
        }
        if (!event.isHit() || Math.abs(distance) > lease) {
            return;
        }
        if (distance <= 0) {
            hitsBefore++;
            hitsBetween += event.what().isAcceptance() && event.node() != endedBy ? 1 : 0;
        } else if (event.what() == What.REJECTED) {
            hitsAfter++;
            hitsAfterElsewhere += event.node() != endedBy ? 1 : 0;
            nearest = Math.min(nearest, distance);
        }
    }

    /** {@return how much was wrong} */
    long count() {
        return wrong;
    }

    /** {@return the first things that were wrong} */
    List<String> first() {
        return List.copyOf(first);
    }

    long of(What what) {
        return kinds.getOrDefault(what, 0L);
    }

    long of(Way way) {
        return ways.getOrDefault(way, 0L);
    }

    /** {@return of how many keys an end has returned} */
    long ended() {
        return ways.values().stream().mapToLong(Long::longValue).sum();
    }

    long hits() {
        return hits;
    }

    long askedOfTheStore() {
        return askedOfTheStore;
    }

    long acceptedWhileLive() {
        return acceptedWhileLive;
    }

    /** {@return rejections from a cache of what became a key later} */
    long hitsTooEarly() {
        return hitsTooEarly;
    }

    /** {@return verifications that began after an end had returned} */
    long late() {
        return late;
    }

    /** {@return answers from a cache less than a lease before a return} */
    long hitsBefore() {
        return hitsBefore;
    }

    /** {@return those of them which accepted, on another node than the one that ended the key} */
    long acceptancesBeforeElsewhere() {
        return hitsBetween;
    }

    /** {@return rejections from a cache less than a lease after a return} */
    long hitsAfter() {
        return hitsAfter;
    }

    /** {@return those of them on another node than the one that ended the key} */
    long hitsAfterElsewhere() {
        return hitsAfterElsewhere;
    }

    /** {@return how soon after a return the soonest of them began, in nanoseconds} */
    long nearest() {
        return nearest;
    }
}
