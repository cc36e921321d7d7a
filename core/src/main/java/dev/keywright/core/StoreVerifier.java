package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyVerifier;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies keys.
 *
 * <ol>
 *   <li>What is not recognised is malformed; what is not found is unknown.
 *   <li>A key that was revoked, or has ended, or lacks the scope, is rejected for the first of these.
 *   <li>What is accepted is counted as a use; what is rejected is told to the listeners.
 * </ol>
 */
final class StoreVerifier implements KeyVerifier {

    private final LookUp lookUp;
    private final KeyFinder finder;
    private final UseTime time;
    private final Uses uses;
    private final Events events;

    StoreVerifier(LookUp lookUp, KeyFinder finder, UseTime time, Uses uses, Events events) {
        this.lookUp = lookUp;
        this.finder = finder;
        this.time = time;
        this.uses = uses;
        this.events = events;
    }

    @Override
    public boolean claims(String token) {
        return lookUp.claims(token);
    }

    @Override
    public Verification verify(String token) {
        return told(verdict(token, null));
    }

    @Override
    public Verification verify(String token, Scope required) {
        return told(verdict(token, Objects.requireNonNull(required)));
    }

    private Verification verdict(String token, @Nullable Scope required) {
        Found found = finder.find(token);
        ApiKey key = found.key();
        if (key == null) {
            return found.recognised() ? Rejected.unknown() : Rejected.malformed();
        }
        if (found.isRevoked()) {
            return Rejected.revoked(key);
        }
        long now = found.ends() ? time.exactly() : time.of(found);
        if (found.hasEnded(now)) {
            return Rejected.expired(key);
        }
        if (required != null && !found.allows(required)) {
            return Rejected.missingScope(key, required);
        }
        uses.record(found, key, required, now);
        return found.verified();
    }

    /** Whoever presented the key is not told why it is rejected; whoever runs the host is. */
    private Verification told(Verification verification) {
        if (verification instanceof Rejected rejected) {
            events.rejected(rejected);
        }
        return verification;
    }
}
