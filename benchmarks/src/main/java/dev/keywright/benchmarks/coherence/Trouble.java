package dev.keywright.benchmarks.coherence;

/** What befalls a run. */
enum Trouble {
    /** The network of a node lets nothing through, for some leases. */
    STALL("a stalled network"),
    /** All its connections are cut. */
    CUT("cut connections"),
    /** Its process is stopped, for longer than a lease, and goes on where it was. */
    PAUSE("a paused process"),
    /** Its process is killed, and another one takes its place. */
    KILL("a killed process"),
    /** Its clock on the wall is set to a time some hours off. */
    JUMP("a clock that jumps"),
    /** The database is shut down and started again. */
    RESTART("a restarted database"),
    /** The database quits at once, and recovers from its log. */
    CRASH("a crashed database");

    private final String text;

    Trouble(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
