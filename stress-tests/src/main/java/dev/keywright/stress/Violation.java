package dev.keywright.stress;

/** Results that are wrong whatever other calls did. */
enum Violation {
    CHANGE_IS_NOT_THE_REQUESTED_ONE,
    ROTATION_IS_NOT_THE_REQUESTED_ONE,
    REVOKED_KEY_IS_NOT_REVOKED,
    KEY_LISTED_TWICE;

    private static final Violation[] ALL = values();

    /** {@return the number in a journal, which does not outlive the build} */
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    static Violation of(int number) {
        return ALL[number];
    }
}
