package dev.keywright.stress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All writes to one key, and what any other call may return because of them.
 *
 * <ol>
 *   <li>The key is active from the return of its issue until the begin of its first revocation. After the first return of a revocation it
 *       is inactive for ever. In between, both answers are right.
 *   <li>Changes are ordered by the versions that they produce. A call may see a version if a change that began before the call
 *       returned produced it, and if no later version was returned before the call began.
 *   <li>A change without a return may take effect at any later time. A refused one may have taken effect before its return: its
 *       first attempt, whose answer was lost.
 * </ol>
 */
final class KeyHistory {

    private static final long NEVER = Long.MAX_VALUE;

    private long issued = NEVER;
    private long revocationBegun = NEVER;
    private long revokedAt = NEVER;
    private int revokedOn = -1;
    private int revokedBy = -1;
    private int accepted;
    private final List<Change> changes = new ArrayList<>(1);

    /** A change, or the issue of the key, which produced version 1. */
    private static final class Change {
        final long begun;
        long returned = NEVER;
        int version;
        boolean hasScope;
        boolean refused;

        Change(Event event) {
            begun = event.begun();
            set(event);
        }

        boolean isAcknowledged() {
            return returned != NEVER && !refused;
        }

        void set(Event event) {
            version = event.version();
            hasScope = event.has(Event.HAS_SCOPE);
        }
    }

    /** Adds a write. */
    void add(Event event) {
        switch (event.type()) {
            case ISSUED -> {
                issued = Math.min(issued, event.returned());
                change(event).returned = event.returned();
            }
            case REVOCATION_BEGUN -> revocationBegun = Math.min(revocationBegun, event.begun());
            case REVOKED -> {
                if (event.returned() < revokedAt) {
                    revokedAt = event.returned();
                    revokedOn = event.node();
                    revokedBy = event.detail();
                }
            }
            case CHANGE_BEGUN -> change(event);
            case CHANGED -> {
                Change change = change(event);
                change.set(event);
                change.returned = event.returned();
            }
            case CHANGE_REFUSED -> {
                Change change = change(event);
                change.returned = event.returned();
                change.refused = true;
            }
            default -> throw new IllegalArgumentException(event.toString());
        }
    }

    /** {@return the change that began when the event did; journals may be read in any order} */
    private Change change(Event event) {
        return changes.stream()
                .filter(change -> change.begun == event.begun())
                .findFirst()
                .orElseGet(() -> {
                    Change change = new Change(event);
                    changes.add(change);
                    return change;
                });
    }

    boolean isRevoked() {
        return revokedAt != NEVER;
    }

    /** {@return when the first of its revocations returned} */
    long revokedAt() {
        return revokedAt;
    }

    /** {@return the node that revoked it} */
    int revokedOn() {
        return revokedOn;
    }

    RevokedBy revokedBy() {
        return RevokedBy.of(revokedBy);
    }

    boolean wasIssuedAfter(long time) {
        return issued != NEVER && time < issued;
    }

    boolean wasActiveThroughout(long begun, long returned) {
        return issued < begun && returned < revocationBegun;
    }

    /** Counts an acceptance, for the comparison with the recorded usage. */
    void addAcceptance() {
        accepted++;
    }

    /** {@return the violation of writes among each other; null if there is none} */
    @Nullable String violation() {
        Set<Integer> versions = new HashSet<>();
        return changes.stream()
                .filter(change -> change.isAcknowledged() && change.version > 1 && !versions.add(change.version))
                .map(change -> "changed twice to version " + change.version + ": a lost update")
                .findFirst()
                .orElse(null);
    }

    /** {@return the violation that the event shows; null if it may be right} */
    @Nullable String violation(Event event) {
        long begun = event.begun();
        long returned = event.returned();
        return switch (event.type()) {
            case ACCEPTED, LISTED -> {
                if (revokedAt < begun) {
                    yield event.type() == EventType.LISTED
                            ? "listed as active after its revocation"
                            : "accepted after its revocation";
                }
                if (event.has(Event.FOR_SCOPE) && !maySee(true, begun, returned)) {
                    yield "accepted for a scope that was removed";
                }
                yield staleness(event);
            }
            case REJECTED -> wasActiveThroughout(begun, returned) ? "rejected while it was active" : null;
            case UNLISTED -> wasActiveThroughout(begun, returned) ? "missing in a list while it was active" : null;
            case MISSING_SCOPE ->
                issued < begun && !maySee(false, begun, returned) ? "rejected for a scope that it had" : null;
            case CHANGE_REFUSED ->
                isCurrentThroughout(event.version(), begun, returned)
                        ? "refused for its version, which was the current one"
                        : null;
            case USAGE -> usageViolation(event.version());
            case VIOLATION -> Violation.of(event.detail()).name();
            default -> null;
        };
    }

    private @Nullable String staleness(Event event) {
        if (event.version() < minVersion(event.begun())) {
            return "seen in version " + event.version() + ", older than one that was returned before";
        }
        List<Change> producers = changes.stream()
                .filter(change -> change.version == event.version())
                .toList();
        boolean agrees = producers.isEmpty()
                || producers.stream().anyMatch(change -> change.hasScope == event.has(Event.HAS_SCOPE));
        return agrees ? null : "seen with other scopes than version " + event.version() + " has";
    }

    /** {@return the last version that was returned before a moment} */
    private int minVersion(long begun) {
        return changes.stream()
                .filter(change -> change.isAcknowledged() && change.returned < begun)
                .mapToInt(change -> change.version)
                .max()
                .orElse(0);
    }

    private boolean maySee(boolean scope, long begun, long returned) {
        if (issued == NEVER) {
            // The writer was killed before it recorded the issue.
            return true;
        }
        int min = minVersion(begun);
        return changes.stream()
                .anyMatch(change -> change.hasScope == scope
                        && change.begun <= returned
                        && (change.version >= min || change.version == 0));
    }

    private boolean isCurrentThroughout(int version, long begun, long returned) {
        return wasActiveThroughout(begun, returned)
                && minVersion(begun) == version
                && changes.stream()
                        .allMatch(
                                change -> change.returned < begun || change.begun > returned || change.begun == begun);
    }

    private @Nullable String usageViolation(int count) {
        boolean lost = revocationBegun == NEVER && count < accepted;
        return count > accepted || lost
                ? "recorded with a usage of " + count + ", but it was accepted " + accepted + " times"
                : null;
    }

    /** {@return the history, with times relative to a moment} */
    String toString(long moment) {
        StringBuilder text = new StringBuilder("issued " + micros(issued, moment) + ", revocation begun "
                + micros(revocationBegun, moment) + ", revocation returned " + micros(revokedAt, moment));
        if (isRevoked()) {
            text.append(" (")
                    .append(revokedBy())
                    .append(" on node ")
                    .append(revokedOn)
                    .append(')');
        }
        for (Change change : changes) {
            text.append(", version ")
                    .append(change.version)
                    .append(change.hasScope ? " with" : " without")
                    .append(" the scope ")
                    .append(micros(change.begun, moment))
                    .append(" to ")
                    .append(micros(change.returned, moment));
        }
        return text.toString();
    }

    private static String micros(long time, long moment) {
        return time == NEVER ? "never" : (time - moment) / 1000 + " µs";
    }
}
