package dev.keywright.benchmarks.coherence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was done to one key, and so, what a verification of it may come to.
 *
 * <ol>
 *   <li>It lives from the moment at which its issue returned, and never again once one of its ends has returned.
 *   <li>Between the first moment at which an end of it was asked for and the first at which one returned, it may live or not.
 *   <li>It has its scope as the last change says that returned before the verification began, or as one says that overlaps it. A
 *       change of which no return is known overlaps all that comes after it.
 * </ol>
 */
final class KeyHistory {

    private static final long NEVER = Long.MAX_VALUE;

    private long issued = NEVER;
    private long endBegun = NEVER;
    private long ended = NEVER;
    private int endedBy = -1;
    private int way = -1;
    private @Nullable List<Change> changes;

    /** A change of scopes. */
    private static final class Change {
        final boolean gives;
        final long begun;
        long returned = NEVER;

        Change(boolean gives, long begun) {
            this.gives = gives;
            this.begun = begun;
        }
    }

    /** Adds what is no verification. */
    void add(Event event) {
        switch (event.what()) {
            case ISSUED -> issued = event.returned();
            case END_BEGUN -> endBegun = Math.min(endBegun, event.begun());
            case ENDED -> {
                if (event.returned() < ended) {
                    ended = event.returned();
                    endedBy = event.node();
                    way = event.detail();
                }
            }
            case TAKE_BEGUN -> changes().add(new Change(false, event.begun()));
            case GIVE_BEGUN -> changes().add(new Change(true, event.begun()));
            case TAKEN, GIVEN ->
                changes().stream()
                        .filter(change -> change.begun == event.begun())
                        .forEach(change -> change.returned = event.returned());
            default -> throw new IllegalArgumentException(event.toString());
        }
    }

    private List<Change> changes() {
        if (changes == null) {
            changes = new ArrayList<>();
        }
        return changes;
    }

    boolean hasEnded() {
        return ended != NEVER;
    }

    /** {@return when the first of its ends returned} */
    long ended() {
        return ended;
    }

    /** {@return the node on which that was} */
    int endedBy() {
        return endedBy;
    }

    /** {@return the number of the way in which that was done} */
    int way() {
        return way;
    }

    /** Whether it came to be, and not before a moment. */
    boolean cameLater(long when) {
        return issued != NEVER && when < issued;
    }

    /** Whether it lived all through a call. */
    boolean livedThrough(long begun, long returned) {
        return issued < begun && returned < endBegun;
    }

    /** {@return what is wrong with a verification; null where nothing is} */
    @Nullable String wrongWith(Event event) {
        long begun = event.begun();
        long returned = event.returned();
        return switch (event.what()) {
            case ACCEPTED -> ended < begun ? "accepted after its end had returned" : null;
            case ACCEPTED_WITH_SCOPE -> {
                if (ended < begun) {
                    yield "accepted after its end had returned";
                }
                yield mayHaveScope(true, begun, returned) ? null : "accepted for a scope that had been taken away";
            }
            case REJECTED -> livedThrough(begun, returned) ? "rejected while it lived" : null;
            case MISSING_SCOPE -> {
                boolean had = issued < begun && !mayHaveScope(false, begun, returned);
                yield had ? "rejected for a scope that it had" : null;
            }
            case UNANSWERED -> null;
            default -> throw new IllegalArgumentException(event.toString());
        };
    }

    private boolean mayHaveScope(boolean wanted, long begun, long returned) {
        boolean last = true;
        long latest = Long.MIN_VALUE;
        for (Change change : changes == null ? List.<Change>of() : changes) {
            if (change.returned < begun) {
                if (change.returned >= latest) {
                    latest = change.returned;
                    last = change.gives;
                }
            } else if (change.begun <= returned && change.gives == wanted) {
                return true;
            }
        }
        return last == wanted;
    }

    /** {@return what it says of a moment} */
    String toString(long when) {
        StringBuilder text = new StringBuilder("issued " + micros(issued, when) + ", end asked for "
                + micros(endBegun, when) + ", end returned " + micros(ended, when));
        if (way >= 0) {
            text.append(" (")
                    .append(Way.of(way))
                    .append(" on node ")
                    .append(endedBy)
                    .append(')');
        }
        for (Change change : changes == null ? List.<Change>of() : changes) {
            text.append(change.gives ? ", scope given " : ", scope taken ")
                    .append(micros(change.begun, when))
                    .append(" to ")
                    .append(micros(change.returned, when));
        }
        return text.toString();
    }

    private static String micros(long at, long when) {
        return at == NEVER ? "never" : (at - when) / 1000 + " µs";
    }
}
