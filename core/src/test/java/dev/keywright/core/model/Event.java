package dev.keywright.core.model;

/** Optional events of a scenario. Polls, verifications and the passage of time occur in every scenario. */
enum Event {
    /** The first key is revoked. */
    REVOKE,

    /** All keys of the tenant are revoked, in one write that stamps no key. */
    REVOKE_ALL,

    /**
     * The caller that revoked dies before the end of its wait, or a fail-over loses its write, and the first key is
     * revoked again.
     */
    REVOKE_AGAIN,

    /** The last key does not exist at first, and is issued. */
    ISSUE,

    /** Another key changes: the last one, or one outside the model if there is only one key. */
    OTHER_WRITE,

    /** Revoked keys are deleted, which leaves eviction records until the end of the wait. */
    PURGE,

    /** No node caches at first; each starts at any time. */
    CACHING_STARTS,

    /** A poll fails, or its response is lost. */
    FAILED_POLL,

    /** An entry is evicted to make room for another. */
    LIMITED_ROOM,

    /** A page of changes contains one change, and the node requests the next page. */
    PAGES_OF_ONE,

    /**
     * Polls and lookups read the revision in a statement before the one that reads the keys, as on MariaDB, whose snapshots may
     * have a commit without an earlier one.
     */
    REVISION_READ_FIRST,

    /** A node logs the last eviction only. */
    SHORT_LOG,

    /**
     * Lookups may reach a replica that has stopped replicating. Without a lease, their results are not covered by the
     * promise.
     */
    LAGGING_REPLICA,

    /**
     * The primary is lost with the commits that the standby lacks. No database responds for one lease on the slowest
     * clock of a node.
     */
    FAIL_OVER,

    /** As {@link #FAIL_OVER}, but the standby responds immediately, on new connections. */
    QUICK_FAIL_OVER,

    /**
     * As {@link #FAIL_OVER}, but every node has applied the lost commits, and there is no write until it has polled
     * again.
     */
    LATE_FAIL_OVER,

    /**
     * The machine of a node is suspended together with its clock, and resumes later. The promise excuses it for the rest of its
     * lease, or of the lease that a poll in progress was about to give it: at most one lease after the clock was read.
     */
    SUSPENSION,

    /** As {@link #SUSPENSION}, but the node is excused for the rest of its lease only. */
    SUSPENSION_EXCUSED_BY_LEASE,

    /** As {@link #SUSPENSION}, but the node is not excused. */
    SUSPENSION_WITHOUT_EXCUSE;
}
