package dev.keywright.stress;

/** The kinds of {@link Disruptions}. */
enum Disruption {
    /** The proxy of one node stops forwarding, for several leases. */
    STALLED_NETWORK,
    /** The proxy of one node cuts all connections. */
    CUT_CONNECTIONS,
    /** A process is stopped for longer than a lease, and then continues. */
    PAUSED_PROCESS,
    /** A process is killed and replaced. */
    KILLED_PROCESS,
    /** The wall clock of one node jumps by up to twelve hours. */
    CLOCK_JUMP,
    /** The database is shut down and started again. */
    RESTARTED_DATABASE,
    /** The database is killed, and recovers from its log. */
    CRASHED_DATABASE
}
