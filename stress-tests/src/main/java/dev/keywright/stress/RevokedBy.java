package dev.keywright.stress;

/** The operations that revoke a key. */
enum RevokedBy {
    REVOKE,
    REVOKE_MANY,
    REVOKE_ALL,
    REVOKE_BY_POSSESSION,
    ROTATE_WITHOUT_OVERLAP,
    COMPLETE_ROTATION,
    /** A writer revokes a key that another writer uses, so that writes of one key race. */
    REVOKE_BY_ANOTHER_WRITER,
    /** A node revokes the keys of a killed one, some of which may be revoked already. */
    REVOKE_AFTER_KILL;

    private static final RevokedBy[] ALL = values();

    /** {@return the number in a journal, which does not outlive the build} */
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }

    static RevokedBy of(int number) {
        return ALL[number];
    }
}
