package dev.keywright.benchmarks.life;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A revocation of all keys of a tenant. It is an attempt at each key that is there when it begins, and at each that comes
 * to be until it has ended. Guarded by the history of its tenant.
 */
final class RevokeAll {

    private final Deed.Revoke deed;
    private final long begun;
    private final Instant from;
    private final Map<KeyHistory, Attempt> attempts = new HashMap<>();
    private long ended = Long.MAX_VALUE;
    private long changed;

    RevokeAll(Deed.Revoke deed, long begun, Instant from) {
        this.deed = deed;
        this.begun = begun;
        this.from = from;
    }

    /** Begins the attempt at a key. */
    void reach(KeyHistory key) {
        attempts.put(key, key.begin(deed, begun, from));
    }

    void end(long tick, long howMany) {
        ended = tick;
        changed = howMany;
    }

    Map<KeyHistory, Attempt> attempts() {
        return Map.copyOf(attempts);
    }

    Deed.Revoke deed() {
        return deed;
    }

    long begun() {
        return begun;
    }

    Instant from() {
        return from;
    }

    /** {@return when it had been answered; later than anything while it has not} */
    long ended() {
        return ended;
    }

    /** {@return how many keys it said that it had revoked} */
    long changed() {
        return changed;
    }

    @Override
    public String toString() {
        return "[" + begun + "…" + ended + "] revokeAll by " + deed.by() + " → " + changed;
    }
}
