package dev.keywright.benchmarks.coherence;

/** How a key was ended. */
enum Way {
    REVOKE,
    REVOKE_MANY,
    REVOKE_ALL,
    REVOKE_BY_POSSESSION,
    ROTATE_WITHOUT_OVERLAP,
    END_ROTATION,
    /** Another node revokes what a dead one had in its hands, which may have been revoked already. */
    REVOKE_AFTER_A_CRASH;

    private static final Way[] ALL = values();

    /** {@return what stands for it in a file} */
    // Files do not outlive the run, nor the order of these the build.
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    static Way of(int number) {
        return ALL[number];
    }
}
