package dev.keywright.benchmarks.life;

import java.time.Instant;

/** A deed that was begun, and what became of it. Guarded by the history of its key. */
final class Attempt {

    private final Deed deed;
    private final Look look;
    private long ended = Long.MAX_VALUE;
    private Instant to = Instant.MAX;
    private String outcome = "under way";

    Attempt(Deed deed, Look look) {
        this.deed = deed;
        this.look = look;
    }

    void end(long tick, Instant now, String how) {
        ended = tick;
        to = now;
        outcome = how;
    }

    Deed deed() {
        return deed;
    }

    /** {@return what was known when it was begun} */
    Look look() {
        return look;
    }

    long begun() {
        return look.tick();
    }

    /** {@return when it had ended; later than anything while it is under way} */
    long ended() {
        return ended;
    }

    Span span() {
        return new Span(look.from(), to);
    }

    /** {@return a line of the key's history} */
    @Override
    public String toString() {
        String end = ended == Long.MAX_VALUE ? "" : String.valueOf(ended);
        return "[" + look.tick() + "…" + end + "] from version " + look.least() + " on: " + deed + " → " + outcome;
    }
}
