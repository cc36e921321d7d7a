package dev.keywright.core.model;

import java.util.Arrays;

/** A caching node: its poller, lease, cache and verifications. Times are relative to now, on the clock of the node. */
final class Node {

    static final int IDLE = 0;
    static final int CLOCK_READ = 1;
    static final int POLLED = 2;
    static final int DECIDED = 3;
    static final int EVICTED = 4;

    /** The evictions of a page and its revision are logged; its keys remain to be evicted. */
    static final int LOGGED = 7;

    /** A page was applied that was not the last. */
    static final int NEXT_PAGE = 8;

    /** Only with {@link Event#REVISION_READ_FIRST}. */
    static final int REVISION_READ = 9;

    /** Only with faults. */
    static final int EXTENDED_ALREADY = 5;

    /** Only with faults. */
    static final int KEYS_READ = 6;

    /** Progress of the poll: one of the constants above. */
    int poller;

    /** Whether it has an open change feed, and thus a committed lease as far as it knows. */
    boolean connected;

    /** Whether there was no poll on this connection yet. */
    boolean newConnection;

    /** Time since the poller read the clock. */
    int sinceClockRead;

    /** Last revision of the polled page. */
    int pageThrough;

    /** Newest revision in the snapshot of the page. */
    int pageHead;

    boolean pageLeased;

    /** Bit set of the keys to be evicted. */
    int changed;

    boolean tenantChanged;
    boolean inserted;

    /** Whether this page is not the first of its poll. */
    boolean laterPage;

    /** Whether the page is applied by a flush. */
    boolean flush;

    int applied;
    int leaseLeft;

    /** Cache entry of each key: a constant of {@link KeyState}. */
    final int[] entries;

    /** Eviction log: revision of the last eviction of each key, of the tenant, and of the unknown results. */
    final int[] evictedAt;

    int tenantEvictedAt;
    int insertRevision;

    /** Evictions up to this revision were dropped from the log. */
    int logDroppedThrough;

    final Verification[] verifications;

    boolean suspended;

    /**
     * How long a suspended node is excused after it resumes: the rest of its lease, or of the lease that a poll would
     * give it.
     */
    int excused;

    Node(int keys, int verifications) {
        this.entries = new int[keys];
        this.evictedAt = new int[keys];
        this.verifications = new Verification[verifications];
        for (int i = 0; i < verifications; i++) {
            this.verifications[i] = new Verification();
        }
    }

    Node copy() {
        Node copy = new Node(entries.length, 0, new Verification[verifications.length]);
        copy.poller = poller;
        copy.connected = connected;
        copy.newConnection = newConnection;
        copy.sinceClockRead = sinceClockRead;
        copy.pageThrough = pageThrough;
        copy.pageHead = pageHead;
        copy.pageLeased = pageLeased;
        copy.changed = changed;
        copy.tenantChanged = tenantChanged;
        copy.inserted = inserted;
        copy.laterPage = laterPage;
        copy.tenantEvictedAt = tenantEvictedAt;
        copy.insertRevision = insertRevision;
        copy.logDroppedThrough = logDroppedThrough;
        copy.flush = flush;
        copy.applied = applied;
        copy.leaseLeft = leaseLeft;
        copy.suspended = suspended;
        copy.excused = excused;
        System.arraycopy(entries, 0, copy.entries, 0, entries.length);
        System.arraycopy(evictedAt, 0, copy.evictedAt, 0, entries.length);
        for (int i = 0; i < verifications.length; i++) {
            copy.verifications[i] = verifications[i].copy();
        }
        return copy;
    }

    private Node(int keys, int none, Verification[] verifications) {
        this.entries = new int[keys + none];
        this.evictedAt = new int[keys + none];
        this.verifications = verifications;
    }

    /** Starts an epoch: verifications that read the previous one must not fill. */
    void nextEpoch() {
        for (Verification verification : verifications) {
            verification.sameEpoch = false;
        }
    }

    void clearLog(int through) {
        Arrays.fill(evictedAt, 0);
        tenantEvictedAt = 0;
        insertRevision = 0;
        logDroppedThrough = through;
    }

    void endPoll() {
        poller = IDLE;
        sinceClockRead = 0;
        laterPage = false;
        clearPage();
    }

    void clearPage() {
        pageThrough = 0;
        pageHead = 0;
        pageLeased = false;
        changed = 0;
        tenantChanged = false;
        inserted = false;
        flush = false;
    }

    /** Packs this node. Parts of the eviction log that cannot affect a lookup in progress are left out. */
    long[] packed(Scenario scenario, int words) {
        if (!scenario.mayAnswerStale()) {
            for (Verification verification : verifications) {
                verification.applied = 0;
            }
        }
        if (verifications.length > 1) {
            Arrays.sort(verifications);
        }
        if (!scenario.allows(Event.LAGGING_REPLICA)) {
            dropIrrelevantEvictions();
        }
        long[] packed = new long[words];
        pack(BitCodec.into(packed, 0, words), scenario);
        return packed;
    }

    /** A lookup that begins later has a snapshot at the applied revision or above, or is refused as stale. */
    private void dropIrrelevantEvictions() {
        int minRevision = Database.MAX_REVISION;
        for (Verification verification : verifications) {
            boolean hasResult =
                    verification.phase == Verification.HAS_RESULT || verification.phase == Verification.HAS_PUT;
            minRevision = hasResult ? Math.min(minRevision, verification.revision) : minRevision;
        }
        for (int key = 0; key < evictedAt.length; key++) {
            evictedAt[key] = evictedAt[key] <= minRevision ? 0 : evictedAt[key];
        }
        tenantEvictedAt = tenantEvictedAt <= minRevision ? 0 : tenantEvictedAt;
        insertRevision = insertRevision <= minRevision ? 0 : insertRevision;
        logDroppedThrough = logDroppedThrough <= minRevision ? 0 : logDroppedThrough;
    }

    void pack(BitCodec codec, Scenario scenario) {
        int max = Database.MAX_REVISION;
        poller = codec.code(poller, REVISION_READ);
        connected = codec.code(connected);
        newConnection = codec.code(newConnection);
        sinceClockRead = codec.code(sinceClockRead, scenario.lease());
        pageThrough = codec.code(pageThrough, max);
        pageHead = codec.code(pageHead, max);
        pageLeased = codec.code(pageLeased);
        changed = codec.code(changed, 3);
        tenantChanged = codec.code(tenantChanged);
        inserted = codec.code(inserted);
        laterPage = codec.code(laterPage);
        flush = codec.code(flush);
        applied = codec.code(applied, max);
        leaseLeft = codec.code(leaseLeft, scenario.lease());
        for (int key = 0; key < entries.length; key++) {
            entries[key] = codec.code(entries[key], KeyState.MAX);
            evictedAt[key] = codec.code(evictedAt[key], max);
        }
        tenantEvictedAt = codec.code(tenantEvictedAt, max);
        insertRevision = codec.code(insertRevision, max);
        logDroppedThrough = codec.code(logDroppedThrough, max);
        for (Verification verification : verifications) {
            verification.pack(codec, scenario);
        }
        suspended = codec.code(suspended);
        excused = scenario.isExcused() ? codec.code(excused, scenario.lease()) : 0;
    }
}
