package dev.keywright.stress;

/**
 * One step of a call, as recorded in a {@link Journal}.
 *
 * @param type the kind of step
 * @param detail a {@link RevokedBy}'s or {@link Violation}'s number, or the flags below
 * @param node the node
 * @param key the key's number among the {@link SharedKeys}
 * @param begun when the call began, by the machine's monotonic clock
 * @param returned when it returned, by the same clock; equal to {@code begun} for a call that has only begun
 * @param version the version that the call returned, produced or expected; 0 if unknown. For {@link EventType#USAGE}, the recorded
 *     count
 */
record Event(EventType type, int detail, int node, int key, long begun, long returned, int version) {

    /** The cache answered, not the store. */
    static final int HIT = 1;

    /** The key was verified for {@link Node#OPTIONAL_SCOPE}. */
    static final int FOR_SCOPE = 2;

    /** The key, as issued, changed or returned, has {@link Node#OPTIONAL_SCOPE}. */
    static final int HAS_SCOPE = 4;

    boolean isHit() {
        return type.isVerification() && has(HIT);
    }

    boolean has(int flag) {
        return (detail & flag) != 0;
    }

    boolean isAcceptance() {
        return type == EventType.ACCEPTED;
    }
}
