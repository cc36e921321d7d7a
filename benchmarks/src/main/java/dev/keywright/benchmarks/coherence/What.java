package dev.keywright.benchmarks.coherence;

/** What an event of a history is. Of what changes a key there are two: one before it is asked for, one when it has returned. */
enum What {
    /** A place in a journal that was not written. */
    NOTHING,
    ISSUED,
    END_BEGUN,
    ENDED,
    TAKE_BEGUN,
    TAKEN,
    GIVE_BEGUN,
    GIVEN,
    ACCEPTED,
    ACCEPTED_WITH_SCOPE,
    REJECTED,
    MISSING_SCOPE,
    UNANSWERED;

    /** {@return what stands for it in a file} */
    // Files do not outlive the run, nor the order of these the build.
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    boolean isAcceptance() {
        return this == ACCEPTED || this == ACCEPTED_WITH_SCOPE;
    }

    boolean isVerification() {
        return switch (this) {
            case ACCEPTED, ACCEPTED_WITH_SCOPE, REJECTED, MISSING_SCOPE, UNANSWERED -> true;
            default -> false;
        };
    }
}
