package dev.keywright.benchmarks.coherence;

/**
 * Something that was done, and what came of it.
 *
 * @param what what
 * @param detail of a verification, 1 if the store was not asked, and 0 if it was; of an end, the number of its {@link Way}
 * @param node where
 * @param key the number of the key
 * @param begun when it was called, on the machine's monotonic clock
 * @param returned when it returned, on the same clock; where it has only begun, as {@code begun}
 */
record Event(What what, int detail, int node, int key, long begun, long returned) {

    static final int STORE = 0;
    static final int HIT = 1;

    boolean isHit() {
        return what.isVerification() && detail == HIT;
    }
}
