package dev.keywright.core.model;

/**
 * A verification. It begins with its first transition: an earlier begin would only mean that fewer writes had returned before it.
 */
final class Verification implements Comparable<Verification> {

    static final int NONE = 0;
    static final int LEASE_HOLDS = 1;
    static final int MISSED = 2;
    static final int HAS_EPOCH = 3;
    static final int HAS_RESULT = 4;
    static final int READS_THROUGH = 5;

    /** One of revision and key was read, in a statement of its own. */
    static final int HALF_READ = 8;

    /** Only with faults. */
    static final int HAS_PUT = 6;

    /** Only with faults. */
    static final int HAS_ENTRY = 7;

    int phase;
    int key;

    /** Whether the revocation of the key had returned before this began. */
    boolean mustReject;

    /** Whether the issue of the key had returned before this began. Applies while the key is active. */
    boolean mustAccept;

    /** Whether the epoch is still the one that was read. */
    boolean sameEpoch;

    /** Revision that the node had applied when the lookup began. */
    int applied;

    /** Revision of the snapshot of the lookup. */
    int revision;

    /** Result of the lookup, or the cache entry. */
    int found;

    Verification copy() {
        Verification copy = new Verification();
        copy.phase = phase;
        copy.key = key;
        copy.mustReject = mustReject;
        copy.mustAccept = mustAccept;
        copy.sameEpoch = sameEpoch;
        copy.applied = applied;
        copy.revision = revision;
        copy.found = found;
        return copy;
    }

    void end() {
        phase = NONE;
        key = 0;
        mustReject = false;
        mustAccept = false;
        sameEpoch = false;
        applied = 0;
        revision = 0;
        found = 0;
    }

    void pack(BitCodec codec, Scenario scenario) {
        phase = codec.code(phase, HALF_READ);
        key = codec.code(key, scenario.keys() - 1);
        mustReject = codec.code(mustReject);
        mustAccept = codec.code(mustAccept);
        sameEpoch = codec.code(sameEpoch);
        applied = codec.code(applied, Database.MAX_REVISION);
        revision = codec.code(revision, Database.MAX_REVISION);
        found = codec.code(found, KeyState.MAX);
    }

    private int code() {
        return (((applied << 3) + revision) << 9)
                + (phase << 6)
                + (key << 5)
                + (mustReject ? 16 : 0)
                + (mustAccept ? 8 : 0)
                + (sameEpoch ? 4 : 0)
                + found;
    }

    /** Verifications of a node are interchangeable, so they are packed in a canonical order. */
    @Override
    public int compareTo(Verification other) {
        return Integer.compare(code(), other.code());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Verification verification && verification.code() == code();
    }

    @Override
    public int hashCode() {
        return code();
    }
}
