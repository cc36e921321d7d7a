package dev.keywright.core.model;

import java.util.Arrays;

/** A node that caches: its heart, its lease, its entries, its verifications. Times are counted on its own clock, from now. */
final class Node {

    static final int RESTS = 0;
    static final int LOOKED_AT_CLOCK = 1;
    static final int POLLED = 2;
    static final int DECIDED = 3;
    static final int FORGOT = 4;

    /** Has logged the evictions of a page and the revision that it goes up to, and still has to forget its keys. */
    static final int LOGGED = 7;

    /** Has applied a page that was not the last. */
    static final int ASKS_AGAIN = 8;

    /** Only with faults. */
    static final int EXTENDED_ALREADY = 5;

    /** Only with faults. */
    static final int KEYS_READ = 6;

    /** Where the heart is in its beat. */
    int heart;

    /** Whether it has committed the lease, as far as it knows, and holds a connection. */
    boolean begun;

    /** Whether it has heard nothing yet on this connection. */
    boolean fresh;

    /** How long ago it looked at the clock. */
    int sinceLook;

    /** The answer to the poll. */
    int polledThrough;

    int polledHead;
    boolean polledLease;

    /** Keys that are to be forgotten, as bits. */
    int changed;

    boolean tenantChanged;
    boolean inserted;

    /** Whether this page is not the first. */
    boolean laterPage;

    /** What was decided upon that. */
    boolean flush;

    int applied;
    int leaseLeft;

    /** What is remembered of the text of each key. */
    final int[] entries;

    /** The log of evictions: for each key, for their tenant, and for texts that belong to none. */
    final int[] evictedAt;

    int tenantEvictedAt;
    int insertRevision;

    /** Evictions up to this revision are no longer in the log. */
    int logFrom;

    final Verification[] verifications;

    boolean suspended;

    /** For how long a suspended node is excused once it goes on: what was left of its lease, or of that under way. */
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
        copy.heart = heart;
        copy.begun = begun;
        copy.fresh = fresh;
        copy.sinceLook = sinceLook;
        copy.polledThrough = polledThrough;
        copy.polledHead = polledHead;
        copy.polledLease = polledLease;
        copy.changed = changed;
        copy.tenantChanged = tenantChanged;
        copy.inserted = inserted;
        copy.laterPage = laterPage;
        copy.tenantEvictedAt = tenantEvictedAt;
        copy.insertRevision = insertRevision;
        copy.logFrom = logFrom;
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

    /** Whatever verification has noted the epoch will find another one. */
    void nextEpoch() {
        for (Verification verification : verifications) {
            verification.sameEpoch = false;
        }
    }

    void forgetLog(int through) {
        Arrays.fill(evictedAt, 0);
        tenantEvictedAt = 0;
        insertRevision = 0;
        logFrom = through;
    }

    void endBeat() {
        heart = RESTS;
        sinceLook = 0;
        laterPage = false;
        forgetPoll();
    }

    void forgetPoll() {
        polledThrough = 0;
        polledHead = 0;
        polledLease = false;
        changed = 0;
        tenantChanged = false;
        inserted = false;
        flush = false;
    }

    /** In a few words. Where no lookup is under way that it could matter to, the log is left out. */
    long[] packed(World world, int words) {
        if (!world.mayAnswerFromThePast()) {
            for (Verification verification : verifications) {
                verification.applied = 0;
            }
        }
        if (verifications.length > 1) {
            Arrays.sort(verifications);
        }
        if (!world.may(Event.LAGGING_REPLICA)) {
            leaveOutOfTheLog();
        }
        long[] packed = new long[words];
        pack(Bits.into(packed, 0, words), world);
        return packed;
    }

    /** Each lookup that begins from now on is answered from the revision applied, or a later one, or refused. */
    private void leaveOutOfTheLog() {
        int least = Database.MOST_REVISIONS;
        for (Verification verification : verifications) {
            boolean told = verification.at == Verification.WAS_TOLD || verification.at == Verification.HAS_PUT;
            least = told ? Math.min(least, verification.revision) : least;
        }
        for (int key = 0; key < evictedAt.length; key++) {
            evictedAt[key] = evictedAt[key] <= least ? 0 : evictedAt[key];
        }
        tenantEvictedAt = tenantEvictedAt <= least ? 0 : tenantEvictedAt;
        insertRevision = insertRevision <= least ? 0 : insertRevision;
        logFrom = logFrom <= least ? 0 : logFrom;
    }

    void pack(Bits bits, World world) {
        int most = Database.MOST_REVISIONS;
        heart = bits.through(heart, ASKS_AGAIN);
        begun = bits.through(begun);
        fresh = bits.through(fresh);
        sinceLook = bits.through(sinceLook, world.lease());
        polledThrough = bits.through(polledThrough, most);
        polledHead = bits.through(polledHead, most);
        polledLease = bits.through(polledLease);
        changed = bits.through(changed, 3);
        tenantChanged = bits.through(tenantChanged);
        inserted = bits.through(inserted);
        laterPage = bits.through(laterPage);
        flush = bits.through(flush);
        applied = bits.through(applied, most);
        leaseLeft = bits.through(leaseLeft, world.lease());
        for (int key = 0; key < entries.length; key++) {
            entries[key] = bits.through(entries[key], Text.MOST);
            evictedAt[key] = bits.through(evictedAt[key], most);
        }
        tenantEvictedAt = bits.through(tenantEvictedAt, most);
        insertRevision = bits.through(insertRevision, most);
        logFrom = bits.through(logFrom, most);
        for (Verification verification : verifications) {
            verification.pack(bits, world);
        }
        suspended = bits.through(suspended);
        excused = world.isExcused() ? bits.through(excused, world.lease()) : 0;
    }
}
