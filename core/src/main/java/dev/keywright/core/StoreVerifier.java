package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyVerifier;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import java.time.Clock;
import java.time.Instant;
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
    private final Clock clock;
    private final Uses uses;
    private final Events events;

    StoreVerifier(LookUp lookUp, KeyFinder finder, Clock clock, Uses uses, Events events) {
        this.lookUp = lookUp;
        this.finder = finder;
        this.clock = clock;
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
        KeyFinder.Found found = finder.find(token);
        if (found.key() == null) {
            return found.recognised() ? Rejected.unknown() : Rejected.malformed();
        }
        return judge(found.key(), required);
    }

    private Verification judge(ApiKey key, @Nullable Scope required) {
        Instant now = clock.instant();
        return switch (key.stateAt(now)) {
            case REVOKED -> Rejected.revoked(key);
            case EXPIRED -> Rejected.expired(key);
            case ACTIVE -> {
                if (required != null && !key.scopes().contains(required)) {
                    yield Rejected.missingScope(key, required);
                }
                uses.record(key, required, now);
                yield Verified.of(key);
            }
        };
    }

    /** Whoever presented the key is not told why it is rejected; whoever runs the host is. */
    private Verification told(Verification verification) {
        if (verification instanceof Rejected rejected) {
            events.rejected(rejected);
        }
        return verification;
    }
}
