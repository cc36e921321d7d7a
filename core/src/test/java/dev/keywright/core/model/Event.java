package dev.keywright.core.model;

/** What may happen in a world, besides that a node follows and verifies, and that time passes. */
enum Event {
    /** The first key is revoked. */
    REVOKE,

    /** All keys of the tenant are, in one write that stamps no key. */
    REVOKE_ALL,

    /** Whoever revoked dies before they had waited, or a fail-over has lost it, and the first key is revoked again. */
    REVOKE_AGAIN,

    /** The last key is not there at the start; it is issued. */
    ISSUE,

    /** Another key changes: the last of several, and one that nobody verifies where there is only one. */
    OTHER_WRITE,

    /** Rows of revoked keys are removed, which leaves records of evictions until the wait is over. */
    PURGE,

    /** Nobody caches at the start; each node begins when it likes. */
    BEGINNING,

    /** A poll fails, or its answer is lost. */
    FAILED_POLL,

    /** An entry goes since another needs the room. */
    NO_ROOM,

    /** A node hears of one change with each poll, and polls again for the next. */
    PAGES_OF_ONE,

    /** A node remembers the last eviction alone. */
    SHORT_LOG,

    /** Lookups may reach a replica that copies no more; what they find without a lease is not promised. */
    LAGGING_REPLICA,

    /** The primary dies with what a standby has not copied; no database answers for a lease on the slowest node's clock. */
    FAIL_OVER,

    /** The same, and the standby answers at once, on connections that are new. */
    QUICK_FAIL_OVER,

    /** The same, once the node has heard of all that will be lost, and nobody writes until it has asked again. */
    QUIET_FAIL_OVER,

    /**
     * The machine of a node stands still, its clock too, and goes on later. It is excused for what was left of its lease, or of
     * the lease that it was about to have from a poll that was answered: a lease since it looked at its clock, at most.
     */
    SUSPENSION,

    /** The same, and it is excused for no more than what was left of its lease. */
    SUSPENSION_EXCUSED_BY_ITS_LEASE,

    /** The same, and nothing that it does then is excused. */
    SUSPENSION_WITHOUT_EXCUSE;
}
