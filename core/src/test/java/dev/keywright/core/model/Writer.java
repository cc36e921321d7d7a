package dev.keywright.core.model;

/** One writing call to the library, from its commit on. */
final class Writer {

    static final int NOT_STARTED = 0;
    static final int WAITING = 1;
    static final int RETURNED = 2;

    /**
     * The caller died or was interrupted after the commit, or a fail-over lost the commit: the call never returns
     * normally.
     */
    static final int ABANDONED = 3;

    /** Only with a fault: has taken a revision and commits later. The row lock makes this impossible. */
    static final int BEFORE_COMMIT = 4;

    /** Has returned, and has deleted its eviction records. */
    static final int RECORDS_DELETED = 5;

    int phase;

    /** Rest of the wait, on the clock of the writer. */
    int left;

    /** Bit set of the keys that it revokes or issues. */
    int keys;

    /** Revision of its write, if it has eviction records to delete after the wait; otherwise zero. */
    int revision;

    Writer copy() {
        Writer copy = new Writer();
        copy.phase = phase;
        copy.left = left;
        copy.keys = keys;
        copy.revision = revision;
        return copy;
    }

    void pack(BitCodec codec, Scenario scenario) {
        phase = codec.code(phase, RECORDS_DELETED);
        left = codec.code(left, scenario.wait(scenario.lease()));
        keys = codec.code(keys, 3);
        revision = codec.code(revision, Database.MAX_REVISION);
    }
}
