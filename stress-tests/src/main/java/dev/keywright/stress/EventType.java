package dev.keywright.stress;

/** The kinds of {@link Event}. Writes have two: one before the call, one after it returned. */
enum EventType {
    /** Unwritten journal space. */
    NONE,
    ISSUED,
    REVOCATION_BEGUN,
    REVOKED,
    CHANGE_BEGUN,
    CHANGED,
    /** A change was refused, for the expected version if the event has one. */
    CHANGE_REFUSED,
    ACCEPTED,
    REJECTED,
    MISSING_SCOPE,
    UNANSWERED,
    /** A list of active keys, or a read by id, returned the key. */
    LISTED,
    /** A list of active keys did not return the key. */
    UNLISTED,
    /** The usage count in the store after all nodes were closed. */
    USAGE,
    /** A {@link Violation}. */
    VIOLATION;

    /** {@return the number in a journal, which does not outlive the build} */
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    boolean isVerification() {
        return switch (this) {
            case ACCEPTED, REJECTED, MISSING_SCOPE, UNANSWERED -> true;
            default -> false;
        };
    }

    /** Whether the event is part of a {@link KeyHistory}. */
    boolean isWrite() {
        return switch (this) {
            case ISSUED, REVOCATION_BEGUN, REVOKED, CHANGE_BEGUN, CHANGED, CHANGE_REFUSED -> true;
            default -> false;
        };
    }
}
