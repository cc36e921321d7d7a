package dev.keywright.stress;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The result of a check: violations, and coverage of the cases that could have been wrong. */
final class Findings {

    private static final int MAX_SHOWN = 5;

    private final List<String> violations = new ArrayList<>();
    private final Map<EventType, Long> events = new EnumMap<>(EventType.class);
    private final Map<RevokedBy, Long> revocationCounts = new EnumMap<>(RevokedBy.class);
    private final Map<Coverage, Long> coverage = new EnumMap<>(Coverage.class);
    private long violationCount;
    private long soonestHit = Long.MAX_VALUE;

    void addViolation(String violation) {
        violationCount++;
        if (violations.size() < MAX_SHOWN) {
            violations.add(violation);
        }
    }

    void addRevoked(RevokedBy revokedBy) {
        revocationCounts.merge(revokedBy, 1L, Long::sum);
    }

    /** Counts an event, given the history of its key. */
    void add(Event event, KeyHistory key, long lease) {
        events.merge(event.type(), 1L, Long::sum);
        if (!event.type().isVerification() || event.type() == EventType.UNANSWERED) {
            return;
        }
        add(event.isHit() ? Coverage.HITS : Coverage.LOOKUPS);
        if (event.isAcceptance() && key.wasActiveThroughout(event.begun(), event.returned())) {
            add(Coverage.ACCEPTED_WHILE_ACTIVE);
        }
        if (event.isHit() && event.type() == EventType.REJECTED && key.wasIssuedAfter(event.returned())) {
            add(Coverage.CACHED_BEFORE_IMPORT);
        }
        if (key.isRevoked()) {
            addNear(event, event.begun() - key.revokedAt(), key.revokedOn(), lease);
        }
    }

    private void addNear(Event event, long sinceRevocation, int revokedOn, long lease) {
        if (sinceRevocation > 0) {
            add(Coverage.AFTER_REVOCATION);
        }
        if (!event.isHit() || Math.abs(sinceRevocation) > lease) {
            return;
        }
        boolean elsewhere = event.node() != revokedOn;
        if (sinceRevocation <= 0) {
            add(Coverage.HITS_BEFORE_REVOCATION);
            if (event.isAcceptance() && elsewhere) {
                add(Coverage.ACCEPTED_BEFORE_REVOCATION_ELSEWHERE);
            }
        } else if (event.type() == EventType.REJECTED) {
            add(Coverage.HITS_AFTER_REVOCATION);
            if (elsewhere) {
                add(Coverage.HITS_AFTER_REVOCATION_ELSEWHERE);
            }
            soonestHit = Math.min(soonestHit, sinceRevocation);
        }
    }

    /** Kinds of events in relation to the revocation of their key. */
    enum Coverage {
        HITS("verifications answered by a cache"),
        LOOKUPS("verifications answered by the store"),
        AFTER_REVOCATION("verifications begun after the revocation returned"),
        ACCEPTED_WHILE_ACTIVE("acceptances of keys active throughout"),
        CACHED_BEFORE_IMPORT("cached rejections of keys imported later"),
        HITS_BEFORE_REVOCATION("hits less than a lease before a revocation"),
        ACCEPTED_BEFORE_REVOCATION_ELSEWHERE("acceptances among them, on another node"),
        HITS_AFTER_REVOCATION("cached rejections less than a lease after a revocation"),
        HITS_AFTER_REVOCATION_ELSEWHERE("cached rejections among them, on another node");

        final String text;

        Coverage(String text) {
            this.text = text;
        }
    }

    private void add(Coverage kind) {
        coverage.merge(kind, 1L, Long::sum);
    }

    long violationCount() {
        return violationCount;
    }

    /** {@return the first violations} */
    List<String> violations() {
        return List.copyOf(violations);
    }

    long count(EventType type) {
        return events.getOrDefault(type, 0L);
    }

    long count(RevokedBy revokedBy) {
        return revocationCounts.getOrDefault(revokedBy, 0L);
    }

    long count(Coverage kind) {
        return coverage.getOrDefault(kind, 0L);
    }

    /** {@return how many keys were revoked} */
    long revokedCount() {
        return revocationCounts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return the shortest time from the return of a revocation to a cached rejection, in nanoseconds} */
    long soonestHit() {
        return soonestHit;
    }
}
